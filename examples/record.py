#!/usr/bin/env python3
"""Record the Windows screen without some windows, by ffmpeg.exe.

Permission is hereby granted, free of charge, to any person obtaining a copy of this file, to
deal in it without restriction: copy from it what you need. It comes without any warranty.

An example of a program that drives ffmpeg.exe, for those who do not link libavdevice. It shows
what goes wrong most: quoting, pipes that fill up, and how a recording is ended.

  record.py [--ffmpeg PATH] [--source desktop] [--exclude RULE]... [--seconds N] FILE

Without --seconds it records until a line, or the end, comes on standard input. Ctrl-C ends it, too.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time


class Recorder:
    """One recording. Only start() and stop() are needed; rules() may be called between."""

    def __init__(self, ffmpeg="ffmpeg.exe", source="desktop", framerate=20):
        self.ffmpeg, self.source, self.framerate = ffmpeg, source, framerate
        self.process = self.reader = None
        self.log = []
        self.capturing = threading.Event()
        self.folder = tempfile.TemporaryDirectory(prefix="record-")  # goes with the object
        self.rules_file = os.path.join(self.folder.name, "rules.txt")

    def rules(self, rules):
        """Leave these windows out from now on, also while it records.

        The file is read again when it changes. It is written beside and put in place, so that
        no half of it is ever read. In a file there is no shell and no command line to quote for.
        """
        for rule in rules:
            # In a file these lines are none, or comments: they would leave nothing out.
            if len(rule.splitlines()) != 1 or not rule.strip() or rule.strip().startswith("#"):
                raise ValueError(f"{rule!r} is no rule")
        with open(self.rules_file + ".new", "w", encoding="utf-8", newline="\n") as f:
            f.write("# one rule a line\n" + "".join(rule + "\n" for rule in rules))
        for left in range(20, -1, -1):
            try:
                os.replace(self.rules_file + ".new", self.rules_file)
                break
            except PermissionError:  # as it may be just while the device reads the old one
                if not left:
                    raise
                time.sleep(0.025)

    def start(self, output):
        # A list, not a string: Python quotes each word as Windows programs expect it. A shell
        # would take | and & in a rule for its own.
        command = [self.ffmpeg, "-hide_banner", "-nostats", "-loglevel", "info", "-y",
                   "-f", "magnifier", "-framerate", str(self.framerate),
                   "-exclude_file", self.rules_file, "-i", self.source,
                   "-c:v", "mpeg4", "-q:v", "4", output]
        # No window of ffmpeg's own, which would be in the picture.
        flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.PIPE, bufsize=0, creationflags=flags)
        # Somebody has to read what it says: a pipe that is full would stop the recording.
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stderr:
            line = line.decode("utf-8", "replace").rstrip()
            self.log = self.log[-200:] + [line]
            if "Capturing " in line:
                self.capturing.set()
        self.capturing.set()  # it has ended: nobody shall wait for ever

    def running(self):
        return self.process is not None and self.process.poll() is None

    def stop(self, timeout=20):
        """End it as a person would, by q: the file is written to its end, and the API is shut down.

        terminate() would leave a broken mp4. The device itself may wait for the API for 10 seconds.
        Returns the exit code.

        Who starts must stop, whatever comes between: ffmpeg has no window, and records on when
        this program is gone. Where this program may be killed, put ffmpeg into a Job object with
        JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE (win32job of pywin32).
        """
        try:
            self.process.stdin.write(b"q")
        except OSError:
            pass  # it has ended by itself
        try:
            code = self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        self.process.stdin.close()
        self.reader.join(timeout)
        self.process.stderr.close()
        return code


def wait_for_line(event):
    """Not by sys.stdin: Python cannot end while a thread waits in that."""
    try:
        while os.read(0, 1) not in (b"\n", b""):
            pass
    except OSError:
        pass  # there is none
    event.set()


def main():
    parser = argparse.ArgumentParser(description="Record the screen without some windows.")
    parser.add_argument("--ffmpeg", default="ffmpeg.exe")
    parser.add_argument("--source", default="desktop", help="desktop, monitor=N, ...")
    parser.add_argument("--exclude", action="append", default=[], metavar="RULE",
                        help='such as exe=slack.exe or "title=*password*"')
    parser.add_argument("--seconds", type=float)
    parser.add_argument("file")
    options = parser.parse_args()

    recorder = Recorder(options.ffmpeg, options.source)
    try:
        recorder.rules(options.exclude)
    except ValueError as error:
        parser.error(str(error))
    recorder.start(options.file)
    ended = threading.Event()
    try:
        # Short waits, as Python on Windows does not see Ctrl-C during one.
        while not recorder.capturing.wait(0.1):
            pass
        if recorder.running():
            print("recording", flush=True)
        if options.seconds is None:
            threading.Thread(target=wait_for_line, args=(ended,), daemon=True).start()
        until = time.monotonic() + (float("inf") if options.seconds is None else options.seconds)
        while recorder.running() and time.monotonic() < until and not ended.wait(0.1):
            pass
    except KeyboardInterrupt:
        pass
    finally:
        code = recorder.stop()
    if code:
        print("\n".join(recorder.log[-5:]), file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
