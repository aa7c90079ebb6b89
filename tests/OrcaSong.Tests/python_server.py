"""Runs Python scripts for the tests, each in a fork of this process, so that NumPy and h5py are imported once and not hundreds of times.

A request is a line of JSON, [script or "-c", argument, ...]; the answer is one too, [exit code, output, errors].
"""
import atexit
import json
import os
import runpy
import sys
import tempfile
import traceback

import numpy
import h5py


def child(arguments):
    try:
        if arguments[0] == "-c":
            sys.argv = ["-c", *arguments[2:]]
            exec(compile(arguments[1], "<script>", "exec"), {"__name__": "__main__"})
        else:
            sys.argv = arguments
            runpy.run_path(arguments[0], run_name="__main__")
        return 0
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            return end.code or 0
        print(end.code, file=sys.stderr)
        return 1
    except BaseException:
        traceback.print_exc()
        return 1


def run(arguments):
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        pid = os.fork()
        if pid == 0:
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os.dup2(output.fileno(), 1)
            os.dup2(errors.fileno(), 2)
            code = child(arguments)
            atexit._run_exitfuncs()
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
        _, status = os.waitpid(pid, 0)
        texts = []
        for file in (output, errors):
            file.seek(0)
            texts.append(file.read().decode("utf8", "replace"))
        return [os.waitstatus_to_exitcode(status), *texts]


for line in sys.stdin:
    print(json.dumps(run(json.loads(line))), flush=True)
