// From "false boxes per 100 images" to a threshold for each finding, and what it costs: pure arithmetic over the card's operating points.

/** The point with the largest rate not above the chosen one; none: the finding shows nothing. */
export function pointFor(points, finding, rate) {
  let best = null;
  for (const point of points)
    if (point.finding === finding && point.false_boxes_per_100_images <= rate + 1e-9 &&
      (!best || point.false_boxes_per_100_images > best.false_boxes_per_100_images)) best = point;
  return best;
}
/** rate null: the card's own threshold. */
export function thresholdFor(reader, finding, rate) {
  if (rate === null || rate === undefined) return reader.score_threshold;
  return pointFor(reader.operating_points, finding, rate)?.threshold ?? Infinity;
}
export const passes = (reader, finding, score, rate) => score >= thresholdFor(reader, finding, rate);

/** For all findings: the least and the most sensitive one, and each with its interval. */
export function sensitivityAt(reader, rate) {
  const each = [];
  for (const {name} of reader.labels) {
    const point = rate === null ? null : pointFor(reader.operating_points, name, rate);
    if (point) each.push({finding: name, value: point.sensitivity, low: point.sensitivity_low, high: point.sensitivity_high,
      boxes: point.boxes, images: point.images});
  }
  return {each, low: each.length ? Math.min(...each.map(one => one.value)) : null,
    high: each.length ? Math.max(...each.map(one => one.value)) : null};
}

/** At the card's own threshold: the points of each finding on either side of it tell what to expect, so the nearest not below it. */
export function sensitivityOf(reader, finding, rate) {
  if (rate !== null && rate !== undefined) return pointFor(reader.operating_points, finding, rate);
  const above = reader.operating_points.filter(point => point.finding === finding &&
    point.threshold >= reader.score_threshold).sort((a, b) => a.threshold - b.threshold);
  return above[0] ?? null;
}
