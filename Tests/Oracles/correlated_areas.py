# oracle
"""Two areas under the ROC curve of the same images: DeLong's variances by their definition (numpy, pair by pair), areas by scikit-learn,
probabilities and bootstrap intervals by SciPy.

Usage: correlated_areas.py OUT_DIR; writes OUT_DIR/correlated_areas/cases.json.
"""

import json
import pathlib
import sys

import numpy as np
from scipy import stats
from sklearn.metrics import roc_auc_score


def components(scores, truths):
    """DeLong, DeLong and Clarke-Pearson, Biometrics 1988: how often each positive beats a negative, and the other way round."""
    positives, negatives = scores[truths], scores[~truths]
    beats = (positives[:, None] > negatives[None, :]) + 0.5 * (positives[:, None] == negatives[None, :])
    return beats.mean(axis=1), beats.mean(axis=0)


def case(random, number):
    count = int(random.integers(20, 200))
    truths = random.random(count) < random.choice([0.2, 0.5])
    truths[:2], truths[2:4] = True, False
    common = random.normal(size=count) + truths * 1.2
    both = [common + random.normal(size=count) * spread for spread in (0.5, 0.9)]
    if number % 2:
        both = [np.round(scores, 0) for scores in both]
    areas, parts = [roc_auc_score(truths, scores) for scores in both], [components(scores, truths) for scores in both]
    covariance = [
        [np.cov(a[0], b[0])[0, 1] / truths.sum() + np.cov(a[1], b[1])[0, 1] / (~truths).sum() for b in parts] for a in parts
    ]
    error = np.sqrt(covariance[0][0] + covariance[1][1] - 2 * covariance[0][1])
    found = {
        "truths": truths.tolist(), "first": both[0].tolist(), "second": both[1].tolist(), "areas": areas, "covariance": covariance,
        "error": error, "p_value": 2 * stats.norm.sf(abs(areas[1] - areas[0]) / error),
    }
    if number < 6:
        def difference(places):
            drawn = places.astype(int)
            if truths[drawn].all() or not truths[drawn].any():
                return np.nan
            return roc_auc_score(truths[drawn], both[1][drawn]) - roc_auc_score(truths[drawn], both[0][drawn])

        interval = stats.bootstrap(
            (np.arange(count),), difference, n_resamples=4000, method="percentile", vectorized=False, rng=np.random.default_rng(number)
        ).confidence_interval
        found["bootstrap"] = [interval.low, interval.high]
    return found


def main():
    out = pathlib.Path(sys.argv[1]) / "correlated_areas"
    out.mkdir(parents=True)
    random = np.random.default_rng(28)
    (out / "cases.json").write_text(json.dumps([case(random, number) for number in range(40)]))


main()
