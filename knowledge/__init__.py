"""The content we ship, installed as `pathways_knowledge`. Only this file is Python; edit the YAML."""
