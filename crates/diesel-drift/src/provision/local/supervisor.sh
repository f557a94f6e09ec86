# Runs a server for as long as the harness lives, whatever ends the harness. It leads a process group of its own.
# $1: run directory; the rest: the server's command line. Only the harness holds the other end of standard input.
directory=$1
shift
exec 3<&0 </dev/null
"$@" >>"$directory/log" 2>&1 3<&- &
server=$!
# After the server's start, which would inherit it.
trap '' HUP INT TERM
(
    while read -r _ <&3; do :; done
    # Once is not enough: a shell starts its background jobs deaf to SIGQUIT, and the server listens a moment later.
    for signal in QUIT QUIT QUIT QUIT QUIT KILL; do
        kill -"$signal" "$server" || exit
        sleep 1
    done
) &
watcher=$!
wait "$server"
status=$?
kill -KILL "$watcher" 2>/dev/null
echo "$status" >"$directory/exited" 2>/dev/null
# A harness that is still there reads the log first.
while read -r _ <&3; do :; done
rm -rf "$directory"
# What is left of the watcher, and this shell.
kill -KILL 0
