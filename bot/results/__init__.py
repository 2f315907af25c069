"""What a closed survey says, with nobody in it: tabulation and small-number protection."""
