#!/usr/bin/env python3
"""The published entry of the durable commands: runs the skill's dist/tkt.cjs with the same arguments, streams and exit
code, however this file is called. Without a usable node it answers as that program would: one JSON line, exit 6."""

import os
import re
import shutil
import subprocess
import sys

OLDEST_NODE = (20, 19)


def main():
    skill = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
    node = shutil.which("node")
    problem = problem_with(node)
    if problem is not None:
        return refuse(problem)
    command = [node, os.path.join(skill, "dist", "tkt.cjs"), *sys.argv[1:]]
    if os.name == "nt":  # there, exec returns to the caller before the program has ended
        return subprocess.call(command)
    os.execv(node, command)


def problem_with(node):
    """Why this node cannot run the program; None when it can."""
    needed = "%d.%d or newer is needed" % OLDEST_NODE
    if node is None:
        return "node was not found on the PATH; " + needed
    try:
        answer = subprocess.run([node, "--version"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    except OSError:
        answer = None
    version = answer and re.match(rb"v(\d+)\.(\d+)", answer.stdout)
    if not version:
        return "node on the PATH does not run; " + needed
    found = tuple(int(number) for number in version.groups())
    return None if found >= OLDEST_NODE else "node %d.%d was found on the PATH; %s" % (*found, needed)


def refuse(message):
    hint = "install Node.js 20.19 or newer (https://nodejs.org), put it on the PATH and run the same command again"
    print(
        '{"ok":false,"status":"error","error":"NODE_UNAVAILABLE","error_code":"SK-SYS-002","message":"%s","hint":"%s"}'
        % (message, hint)
    )
    return 6


if __name__ == "__main__":
    sys.exit(main())
