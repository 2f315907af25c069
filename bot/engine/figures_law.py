"""Registers that the law demands, said before anything else."""

from bot.engine.figures_voice import Voice
from bot.knowledge.registers import Register


def law(voice: Voice, register: Register) -> str:
    """That a register is compulsory, and where; empty for all others."""
    if not register.must_register or not register.jobs:
        return ""
    keeper, _ = voice.regulator(register)
    said = voice.say(
        "figures.by-law",
        regulator=keeper,
        job=register.jobs[0],
        places=voice.listed(register.applies_in),
    )
    elsewhere = voice.text(register.not_in.text) if register.not_in else ""
    return f"{said}\n\n{elsewhere}".strip()
