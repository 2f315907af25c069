"""One turn, without input or output: a session and an utterance in, a turn out."""
