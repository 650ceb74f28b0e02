"""A Python program waits as long as the clock of the local AWS takes, which runs HURRIED times as fast as real time."""

import os
import time

_sleep = time.sleep
time.sleep = lambda seconds: _sleep(seconds / float(os.environ["HURRIED"]))
