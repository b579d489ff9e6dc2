"""What can go wrong with the measures of a dataset: their results and their charts."""

from app.core.errors import ConflictError, NotFoundError


class EvaluationNotFoundError(NotFoundError):
    """Nobody has asked for the measures of this dataset."""

    type = "evaluation-not-found"
    title = "Nothing was computed yet"
    default_detail = "Nobody has asked for the measures of this dataset yet. You can ask for them."


class ChartNotFoundError(NotFoundError):
    """No such chart: nothing was drawn, or it went with its dataset."""

    type = "chart-not-found"
    title = "There is no such chart"
    default_detail = "Its figures may be held back, or were computed before there were charts."


class StaleResultsError(ConflictError):
    """Something is to be released of results whose audit did not know all that the study has
    released, or that are gone."""

    type = "stale-results"
    title = "These results must be computed again"
    default_detail = (
        "They were checked before something else of this study was released, or are no longer "
        "there. Please compute the measures again, make the report from them, and ask again."
    )


class MeasuresNotComputedError(ConflictError):
    """Figures were asked for of a dataset whose measures are not all computed."""

    type = "measures-not-computed"
    title = "The measures of this dataset aren't computed yet"
    default_detail = "Have them computed on the page “Measures” of the dataset, then come back."
