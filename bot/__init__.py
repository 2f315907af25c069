"""Pathways: a chat assistant for union members and reps about technician registration."""
