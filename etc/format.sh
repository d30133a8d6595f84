#!/bin/sh
# Checks (default) or applies google-java-format, AOSP style, over every Java source: etc/format.sh check|apply
# Runs on the JDK 25 because the formatter parses with the javac of the JVM it runs in.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/etc/jdk.sh"
mode=${1:-check}
version=${GJF_VERSION:-$(sed -n 's/.*<google-java-format.version>\(.*\)<.*/\1/p' "$root/pom.xml")}
jar=$HOME/.m2/repository/com/google/googlejavaformat/google-java-format/$version/google-java-format-$version-all-deps.jar
find_jdk || { echo "format: needs a JDK 25 or newer (set THAC_JAVA_HOME)" >&2; exit 1; }
if [ ! -f "$jar" ]; then
  mvn -q -B -f "$root/etc/empty-pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:get \
    -Dartifact="com.google.googlejavaformat:google-java-format:$version:jar:all-deps" -Dtransitive=false
fi
list=$(mktemp)
trap 'rm -f "$list"' EXIT
find "$root"/engine "$root"/app "$root"/testkit "$root"/bench "$root"/examples -name '*.java' -not -path '*/target/*' >"$list" 2>/dev/null || true
[ -s "$list" ] || exit 0
case $mode in
  check) set -- --dry-run --set-exit-if-changed ;;
  apply) set -- --replace ;;
  *) echo "format: check or apply, not $mode" >&2; exit 2 ;;
esac
exports=
for p in api code file main parser tree util; do
  exports="$exports --add-exports=jdk.compiler/com.sun.tools.javac.$p=ALL-UNNAMED"
done
# shellcheck disable=SC2086
if ! "$JAVA_BIN" $exports -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -jar "$jar" --aosp "$@" "@$list"; then
  echo "format: the files above are not formatted; run: sh etc/format.sh apply" >&2
  exit 1
fi
