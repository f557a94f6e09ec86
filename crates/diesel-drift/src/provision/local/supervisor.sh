# Runs a server for as long as the harness lives, whatever ends the harness.
# $1: run directory; the rest: the server's command line. Only the harness holds the other end of standard input.
trap '' HUP INT TERM
directory=$1
shift
exec 3<&0 </dev/null
"$@" >>"$directory/log" 2>&1 3<&- &
server=$!
(
    while read -r _ <&3; do :; done
    kill -QUIT "$server"
) &
watcher=$!
wait "$server"
status=$?
kill -KILL "$watcher" 2>/dev/null
echo "$status" >"$directory/exited" 2>/dev/null
# A harness that is still there reads the log first.
while read -r _ <&3; do :; done
rm -rf "$directory"
