"""Power cuts, disks that fail, and kills in the middle of a system call."""
