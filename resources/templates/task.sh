#!/bin/sh
# A task for Corescope: the piece of work that is run once per task, in turn and side by side.
#
#   corescope run -- ./task.sh {index}
#   corescope compare -- ./task.sh {index}
#
# In the arguments {index} becomes the number of the task (from 0), {tasks} how many there are, {seed} the run's seed.
# An exit code other than 0 is a failed run. What is printed is shown and kept, but not compared.
set -eu

index=${1:-0}

count=0
while [ "$count" -lt 200000 ]; do
  count=$((count + 1))
done
echo "task $index counted to $count"
