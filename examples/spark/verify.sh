#!/bin/sh
# Runs the whole example once and checks it: clicks through Thác, counted by Spark, twice with the
# same checkpoint, and counted again in a plain loop. Needs the build of README.md first.
# THAC says how to start Thác (default: ./thac).
set -eu
cd "$(dirname "$0")/../.."
THAC=${THAC:-./thac}
port=${PORT:-19391}
brokers=127.0.0.1:$port
work=$(mktemp -d)
here=examples/spark
export THAC_BROKERS="$brokers"

$THAC broker --port "$port" --data-dir "$work/kafka" >"$work/broker.log" 2>&1 &
broker=$!
trap 'kill $broker 2>/dev/null; wait $broker 2>/dev/null || true; rm -rf "$work"' EXIT
for _ in $(seq 120); do
    $THAC topics list >/dev/null 2>&1 && break
    kill -0 $broker || { cat "$work/broker.log"; exit 1; }
    sleep 0.5
done

spark() {
    java @$here/java.options -cp "$here/target/classes:$(cat $here/target/classpath)" \
        "dev.thac.examples.spark.$@" 2>"$work/spark.log" || { tail -30 "$work/spark.log"; exit 1; }
}

$THAC topics create clicks clicks.known clicks.dlq processed-topic \
    --partitions 2 --config retention.ms=-1 # made-up clicks are of a fixed day, perhaps long ago
$THAC generate-events clicks --rate 5 --count 8000 -J >"$work/events"
for half in 1 2; do
    sed -n "$(((half - 1) * 4000 + 1)),$((half * 4000))p" "$work/events" | $THAC produce clicks -J
    $THAC run $here/pipeline.yaml --exit-at-end --port 0 >"$work/run.log" 2>&1 || { cat "$work/run.log"; exit 1; }
    spark PageActions "$brokers" clicks.known processed-topic "$work/checkpoint" once
    spark Recount "$brokers" clicks.known processed-topic | tail -1
done
spark Recount "$brokers" clicks.known processed-topic | head -8
