# Sourced by the launcher and the tools: sets JAVA_BIN to the `java` of a JDK 25 or newer, or leaves it empty.
# Order: THAC_JAVA_HOME, JAVA_HOME, then the usual places of package managers and version managers.
jdk_major() {
  # Every JDK says its version in a file beside bin/; asking the program takes longer.
  release=${1%/bin/java}/release
  if [ -r "$release" ]; then
    sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$release" | head -n 1
    return
  fi
  "$1" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java.specification.version = //p' | head -n 1
}
find_jdk() {
  JAVA_BIN=
  for home in "${THAC_JAVA_HOME:-}" "${JAVA_HOME:-}" /usr/lib/jvm/*25* /usr/lib/jvm/*2[6-9]* \
    "$HOME"/.sdkman/candidates/java/2[5-9]* "$HOME"/.jdks/*2[5-9]* \
    /Library/Java/JavaVirtualMachines/*2[5-9]*/Contents/Home /opt/java/*2[5-9]* /opt/jdk-2[5-9]*; do
    [ -n "$home" ] && [ -x "$home/bin/java" ] || continue
    major=$(jdk_major "$home/bin/java")
    case $major in
      '' | *[!0-9]*) continue ;;
    esac
    if [ "$major" -ge 25 ]; then
      JAVA_BIN=$home/bin/java
      return 0
    fi
  done
  if command -v java >/dev/null 2>&1; then
    major=$(jdk_major java)
    case $major in
      '' | *[!0-9]*) return 1 ;;
    esac
    if [ "$major" -ge 25 ]; then
      JAVA_BIN=$(command -v java)
      return 0
    fi
  fi
  return 1
}
