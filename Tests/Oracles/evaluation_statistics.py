# oracle
"""Statistics of an evaluation by other hands: scikit-learn, numpy and SciPy.

Usage: evaluation_statistics.py OUT_DIR; writes OUT_DIR/evaluation_statistics/cases.json.
"""

import json
import pathlib
import sys

import numpy as np
from scipy import optimize, stats
from sklearn.calibration import _SigmoidCalibration, calibration_curve
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, brier_score_loss, precision_recall_curve, roc_auc_score, roc_curve


def some_scores(random, count, tied):
    """Scores of three shapes: coarse, with many ties; fine; and mostly zero, as those of a detector that found nothing."""
    if tied == 0:
        return random.integers(0, 6, count) / 5
    if tied == 1:
        return random.random(count)
    return np.where(random.random(count) < 0.6, 0.0, np.round(random.random(count), 2))


def rankings(random):
    cases = []
    for number in range(300):
        count = int(random.integers(2, 120))
        scores = some_scores(random, count, number % 3)
        truths = random.random(count) < random.choice([0.1, 0.3, 0.5, 0.9]) * (0.5 + scores / 2)
        times = random.integers(0, 4, count)
        case = {"scores": scores.tolist(), "truths": truths.tolist(), "times": times.tolist()}
        if truths.any() and not truths.all():
            case["auroc"] = roc_auc_score(truths, scores)
            case["average_precision"] = average_precision_score(truths, scores)
            false_positives, sensitivity, thresholds = roc_curve(truths, scores, drop_intermediate=False)
            precision, recall, steps = precision_recall_curve(truths, scores)
            case["curve"] = [list(map(float, row)) for row in zip(thresholds[1:], sensitivity[1:], false_positives[1:])]
            # From the lowest score up, and with a last point that stands for no score.
            case["precision"] = [list(map(float, row)) for row in zip(steps[::-1], recall[:-1][::-1], precision[:-1][::-1])]
        drawn = truths[times > 0]
        if drawn.any() and not drawn.all():
            case["auroc_drawn"] = roc_auc_score(truths, scores, sample_weight=times)
            case["average_precision_drawn"] = average_precision_score(truths, scores, sample_weight=times)
        cases.append(case)
    return cases


def percentiles(random):
    cases = []
    for number in range(20):
        values = random.normal(size=int(random.integers(2, 400)))
        low, high = np.percentile(values, [2.5, 97.5])
        cases.append({"values": values.tolist(), "low": low, "high": high, "deviation": float(values.std(ddof=1))})
    return cases


def normal_quantiles():
    shares = [1e-12, 1e-6, 0.001, 0.025, 0.2, 0.5, 0.8, 0.9, 0.975, 0.995, 0.9999]
    return [{"share": share, "quantile": stats.norm.ppf(share)} for share in shares]


def soft_targets(truths):
    """What Platt (1999) puts for 1 and 0."""
    positives, negatives = truths.sum(), (~truths).sum()
    return np.where(truths, (positives + 1) / (positives + 2), 1 / (negatives + 2))


def platt_by_weights(values, truths):
    """A logistic regression on each value twice, once as true and once as false, weighted by its soft target."""
    targets = soft_targets(truths)
    model = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-12, max_iter=1000)
    model.fit(np.tile(values, 2)[:, None], np.repeat([1, 0], len(values)), sample_weight=np.concatenate([targets, 1 - targets]))
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def platt_by_minimising(values, truths):
    """The same with SciPy's minimiser on the log-likelihood as it stands in the paper."""
    targets = soft_targets(truths)

    def loss(line):
        z = line[0] * values + line[1]
        return np.sum(np.logaddexp(0, z) - targets * z)

    return optimize.minimize(loss, [1.0, 0.0], method="BFGS", options={"gtol": 1e-9}).x.tolist()


def calibrations(random):
    cases = []
    for number in range(60):
        count = int(random.integers(12, 400))
        scores = some_scores(random, count, number % 3)
        truths = random.random(count) < scores ** random.choice([0.7, 1.0, 2.0])
        if number % 10 == 0:
            truths = scores > np.median(scores)  # parted cleanly: without soft targets the slope would have no end
        if truths.all() or not truths.any():
            continue
        slope, intercept = platt_by_weights(scores, truths)
        platt = _SigmoidCalibration().fit(scores, truths)
        isotonic = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip").fit(scores, truths)
        asked = np.linspace(-0.2, 1.2, 57)
        case = {
            "scores": scores.tolist(), "truths": truths.tolist(), "asked": asked.tolist(),
            "slope": slope, "intercept": intercept, "minimised": platt_by_minimising(scores, truths),
            "platt": platt.predict(asked).tolist(), "isotonic": isotonic.predict(asked).tolist(),
            "brier": brier_score_loss(truths, scores),
        }
        if slope <= 0:
            continue
        clipped = np.clip(scores, 1e-7, 1 - 1e-7)
        case["logit_slope"], case["logit_intercept"] = platt_by_weights(np.log(clipped / (1 - clipped)), truths)
        for name, strategy in [("equal_width", "uniform"), ("equal_count", "quantile")]:
            rates, means = calibration_curve(truths, scores, n_bins=8, strategy=strategy)
            edges = np.linspace(0, 1, 9) if strategy == "uniform" else np.percentile(scores, np.linspace(0, 100, 9))
            counts = np.bincount(np.searchsorted(edges[1:-1], scores), minlength=8)
            counts = counts[counts > 0]
            case[name] = {
                "rates": rates.tolist(), "means": means.tolist(), "counts": counts.tolist(),
                "error": float(np.sum(counts * np.abs(rates - means)) / counts.sum()),
                "largest": float(np.max(np.abs(rates - means))),
            }
        cases.append(case)
    return cases


def main():
    folder = pathlib.Path(sys.argv[1]) / "evaluation_statistics"
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(23)
    cases = {
        "rankings": rankings(random), "percentiles": percentiles(random), "normal_quantiles": normal_quantiles(),
        "calibrations": calibrations(random),
    }
    (folder / "cases.json").write_text(json.dumps(cases, default=float))


if __name__ == "__main__":
    main()
