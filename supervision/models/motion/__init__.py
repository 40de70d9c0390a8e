"""议提案和监督意见: what congress, consultative conference, courts and procurators ask for, and how it is answered (task 12)."""

from supervision.models.motion.answering import Motion
from supervision.models.motion.fields import Assist, MotionQuerySet

__all__ = ["Assist", "Motion", "MotionQuerySet"]
