// Left and right of an image.

/** Letters at the edges of the image. Frontal images lie as if the patient faced the reader: the image's left is the patient's right. */
export function sidesOf(instance) {
  if (instance.orientation?.length === 2) {
    // As the file says: where the rows and the columns run to.
    const opposite = {L: "R", R: "L", A: "P", P: "A", H: "F", F: "H"}, [row, column] = instance.orientation;
    return {right: row[0], left: opposite[row[0]], bottom: column[0], top: opposite[column[0]]};
  }
  return ["PA", "AP"].includes(instance.view) ? {left: "R", right: "L"} : null;
}
