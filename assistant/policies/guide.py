"""The policy that hands every message to the guide while one is open."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from rasa.core.policies.policy import Policy, PolicyPrediction
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

GUIDE_SLOT = "guide"
GUIDE_ACTION = "action_guide"
UNREADABLE_ACTION = "action_unreadable"
# Rasa itself maps the intent "restart" to this action, and expects it to end the turn.
RESTART_ACTION = "action_restart"
UNREADABLE = "unreadable"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=False)
class GuidePolicy(Policy):
    """Predicts ``action_guide`` in an open guide, and ``action_unreadable`` for unusable messages.

    Everything else is left to the rules.
    """

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """Above the rules, so that an open guide comes first."""
        return {"priority": 7}

    def train(
        self,
        training_trackers: List[TrackerWithCachedStates],
        domain: Domain,
        **kwargs: Any,
    ) -> Resource:
        """Nothing to train."""
        return self._resource

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: Optional[Dict[str, Any]] = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """Certain about one action, or without an opinion (all zeros)."""
        probabilities = self._default_predictions(domain)
        action = self._action(tracker)
        if action:
            probabilities[domain.index_for_action(action)] = 1.0
        return self._prediction(probabilities)

    @staticmethod
    def _action(tracker: DialogueStateTracker) -> Optional[str]:
        if tracker.latest_action_name in (GUIDE_ACTION, UNREADABLE_ACTION, RESTART_ACTION):
            return ACTION_LISTEN_NAME
        if tracker.latest_action_name != ACTION_LISTEN_NAME or tracker.latest_message is None:
            return None
        if (tracker.latest_message.metadata or {}).get(UNREADABLE):
            return UNREADABLE_ACTION
        return GUIDE_ACTION if tracker.get_slot(GUIDE_SLOT) else None
