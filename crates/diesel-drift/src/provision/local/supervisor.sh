# Runs a server for as long as somebody uses it, whatever ends them. It leads a process group of its own.
# $1: run directory; $2: the name under which others find the pipe, where the server is shared, else empty; $3: for how many seconds a
# deserted server waits for others; $4: for how many if one of its databases is kept; the rest: the server's command line.
# Standard input is a pipe. Only those who use the server hold its other end, and who joins them writes a line. Standard output is the
# locked lock file of a shared server: the lock goes with this process.
directory=$1
join=$2
grace=$3
kept=$4
shift 4
exec 3<&0 4>&1 </dev/null >/dev/null
"$@" >>"$directory/log" 2>&1 3<&- 4>&- &
server=$!
# After the server's start, which would inherit it.
trap '' HUP INT TERM
# Nobody can join any more; who has, still uses the server.
close() {
    [ -z "$join" ] || mv "$directory/$join" "$directory/left" 2>/dev/null
    while read -r _ <&3; do :; done
}
# Returns when nobody uses the server, nor will.
deserted() {
    while read -r _ <&3; do :; done
    # What was never published has nobody to wait for.
    while [ -n "$join" ] && [ -e "$directory/$join" ]; do
        sleep "$grace"
        second=0
        while [ -e "$directory/keep" ] && [ "$second" -lt "$kept" ]; do
            sleep 1
            second=$((second + 1))
        done
        # Somebody came meanwhile, or it is the end of the pipe.
        read -r _ <&3 || break
        while read -r _ <&3; do :; done
    done
    close
}
(
    deserted
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
# Somebody who is still there reads the log first.
close
rm -rf "$directory"
# What is left of the watcher, and this shell.
kill -KILL 0
