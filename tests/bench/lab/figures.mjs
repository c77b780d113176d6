// Order statistics and a table. No averages: one slow run on a busy machine must not move the figure.

/** The value below which the share `p` (0 to 1) of all values lies, by the nearest rank. */
export function percentile(values, p) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)];
}

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Prints rows of texts; all columns but the first stand to the right. */
export function printTable(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows) {
    console.log(row.map((text, column) => (column ? text.padStart(widths[column]) : text.padEnd(widths[0]))).join('  '));
  }
}

export const ms = (value) => value.toFixed(1);
