"""Plans that carry out plans: who names whom, which lower plans are missing or late, and whose dates do not fit."""

from app.chain.fitting import Misfit, misfits
from app.chain.linking import Above, above, below, names
from app.chain.standing import Lower, LowerState, Standing, lower_plans

__all__ = ["Above", "Lower", "LowerState", "Misfit", "Standing", "above", "below", "lower_plans", "misfits", "names"]
