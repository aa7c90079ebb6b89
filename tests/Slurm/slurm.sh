#!/usr/bin/env bash
# A Slurm of its own on this machine, for tests: tests/Slurm/slurm.sh start FOLDER [--with PROCESS] | stop FOLDER | node start|stop|crash FOLDER
#
# Everything it needs lies in FOLDER (a new one, with a short path: sockets lie there too): key and socket of munge, configuration, state, spool,
# logs. It has one node of two processors, listens on the loopback address at ports that are free, and takes no notice of another munge or Slurm of
# the machine. Only root can start it. It stops by itself when PROCESS ends. Then SLURM_CONF=FOLDER/slurm.conf is all that Slurm's commands need.
set -euo pipefail
export PATH="$PATH:/usr/sbin:/sbin"

fail() { echo "slurm.sh: $*" >&2; exit 1; }

free_port() {
    local port
    while :; do
        port=$((20000 + RANDOM % 10000))
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
    done
}

# Waits until a command succeeds: wait_for SECONDS COMMAND...
wait_for() {
    local end=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        [ $SECONDS -lt $end ] || return 1
        sleep 0.1
    done
}

is_alive() { [ -e "/proc/$1" ] && ! grep -q '^State:[[:space:]]*[ZX]' "/proc/$1/status" 2>/dev/null; }

is_dead() { ! is_alive "$1"; }

configure() {
    local host memory
    host=$(hostname -s)
    memory=$(awk '/^MemTotal/ { m = int($2 / 1024 * 0.8); print (m > 8000 ? 8000 : m) }' /proc/meminfo)
    # Short waits, so that what takes minutes on a cluster takes seconds: a node is lost after 10 s, a killed task gets 5 s to end. Without
    # control groups it is the gatherer of statistics that kills what takes too much memory.
    cat >"$folder/slurm.conf" <<CONF
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$(free_port)
SlurmdPort=$(free_port)
AuthType=auth/munge
AuthInfo=socket=$folder/munge.socket
CredType=cred/munge
SlurmUser=root
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
PluginDir=$(dirname "$(find /usr/lib /usr/lib64 /usr/local/lib -name auth_munge.so 2>/dev/null | head -n 1)")
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=1
JobAcctGatherParams=OverMemoryKill
DefMemPerCPU=1000
MailProg=/bin/true
SlurmctldTimeout=10
SchedulerParameters=batch_sched_delay=0,bf_interval=2
SlurmdTimeout=10
MessageTimeout=5
KillWait=5
ReturnToService=2
SlurmdParameters=config_overrides
Licenses=sps:10
NodeName=node1 NodeHostname=$host NodeAddr=127.0.0.1 CPUs=2 RealMemory=$memory State=UNKNOWN
PartitionName=htc Nodes=node1 Default=YES MaxTime=INFINITE State=UP
CONF
}

start_node() {
    # In a namespace of its own for mounts: a folder can be hidden from the node, as one that the nodes of a cluster do not see.
    unshare --mount sh -c 'mkdir -p "$1/hidden" && mount -t tmpfs none "$1/hidden" 2>/dev/null; exec slurmd -N node1 -f "$1/slurm.conf"' sh "$folder"
    wait_for 30 sh -c "scontrol ping | grep -q UP && sinfo --noheader --format=%T | grep -qE 'idle|mixed|allocated'" ||
        fail "the node did not come up; see $folder/slurmd.log"
}

# Ends a process that this script started, by the number that it wrote down, and waits for it.
end() {
    local id
    id=$(cat "$1" 2>/dev/null) || return 0
    [ -n "$id" ] && is_alive "$id" || return 0
    # A number may have been given to another process since.
    tr '\0' ' ' <"/proc/$id/cmdline" 2>/dev/null | grep -qF "$folder" || return 0
    kill "$id" 2>/dev/null || return 0
    wait_for 10 is_dead "$id" || kill -KILL "$id" 2>/dev/null || true
}

# Jobs, and the daemons that look after them, outlive the one that has started them.
kill_jobs() {
    local id
    for id in $(cd /proc && echo [0-9]*); do
        grep -qzFx "SLURM_CONF=$folder/slurm.conf" "/proc/$id/environ" 2>/dev/null || continue
        if grep -qx slurmstepd "/proc/$id/comm" 2>/dev/null || grep -qz '^SLURM_JOB_ID=' "/proc/$id/environ" 2>/dev/null; then
            kill -KILL "$id" 2>/dev/null || true
        fi
    done
}

start() {
    [ "$(id -u)" = 0 ] || fail 'only root can start a Slurm of its own.'
    for command in munged slurmctld slurmd sbatch; do
        command -v $command >/dev/null || fail "$command is missing (Debian, Ubuntu: apt-get install slurm-wlm munge)."
    done
    mkdir -p "$folder"/{state,spool}
    chmod 755 "$folder"
    dd if=/dev/urandom of="$folder/munge.key" bs=1024 count=1 status=none
    chmod 600 "$folder/munge.key"
    munged --key-file="$folder/munge.key" --socket="$folder/munge.socket" --pid-file="$folder/munged.pid" --log-file="$folder/munged.log" \
        --seed-file="$folder/munged.seed" --num-threads=2
    configure
    slurmctld -f "$folder/slurm.conf"
    [ -z "$owner" ] || watch_over "$owner"
    wait_for 20 sh -c 'scontrol ping | grep -q UP' || fail "slurmctld did not come up; see $folder/slurmctld.log"
    start_node
}

# Stops all when a process ends without having done so.
watch_over() {
    setsid "$0" watch "$1" "$folder" </dev/null >/dev/null 2>&1 &
}

stop() {
    end "$folder/slurmd.pid"
    kill_jobs
    end "$folder/slurmctld.pid"
    end "$folder/munged.pid"
}

owner=
if [ "${3:-}" = --with ]; then
    owner=$4
    set -- "$1" "$2"
fi
[ $# -ge 2 ] || fail 'usage: slurm.sh start FOLDER [--with PROCESS] | stop FOLDER | node start|stop|crash FOLDER'
folder=$(realpath -m "${@: -1}")
export SLURM_CONF=$folder/slurm.conf
case "$1 $2" in
    "node start") start_node ;;
    "node stop") end "$folder/slurmd.pid" ;;
    "node crash")
        kill -KILL "$(cat "$folder/slurmd.pid")"
        kill_jobs
        ;;
    start*) start ;;
    watch*)
        while is_alive "$2" && [ -e "$folder/slurm.conf" ]; do sleep 1; done
        [ -e "$folder/slurm.conf" ] && stop
        rm -rf "$folder"
        ;;
    stop*) stop ;;
    *) fail "unknown: $1" ;;
esac
