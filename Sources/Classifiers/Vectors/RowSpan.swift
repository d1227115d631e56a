/// Rows of more numbers than there are rows, as points of a space of as few dimensions: with the same products among one
/// another, and so the same for all that depends on these alone.
struct RowSpan {
    /// `[row, row]`: the triangular root of the products of the rows (Cholesky).
    let coordinates: [Float]
    private let root: [Double]
    private let rows: [Float]
    private let count: Int
    private let width: Int

    /// - Parameter rows: `[row, feature]`
    /// - Cost: the products of all pairs of rows.
    init(_ rows: [Float], count: Int) {
        (self.rows, self.count) = (rows, count)
        width = rows.count / max(count, 1)
        let width = width
        func row(_ index: Int) -> ArraySlice<Float> { rows[index * width..<(index + 1) * width] }
        var root = [Double](repeating: 0, count: count * count)
        var largest = 0.0
        for a in 0..<count {
            for b in 0...a { root[a * count + b] = VectorMath.dot(row(a), row(b)) }
            largest = max(largest, root[a * count + a])
        }
        for column in 0..<count {
            var pivot = root[column * count + column]
            for place in 0..<column { pivot -= root[column * count + place] * root[column * count + place] }
            // A row that the ones before it make up has no direction of its own.
            let diagonal = pivot > 1e-9 * largest ? pivot.squareRoot() : 0
            root[column * count + column] = diagonal
            for line in column + 1..<max(count, column + 1) {
                var sum = root[line * count + column]
                for place in 0..<column { sum -= root[line * count + place] * root[column * count + place] }
                root[line * count + column] = diagonal > 0 ? sum / diagonal : 0
            }
        }
        self.root = root
        coordinates = root.map(Float.init)
    }

    /// The sum of the rows that lies where `point` does among the coordinates.
    func vector(_ point: [Double]) -> [Float] {
        var factors = point
        for line in (0..<count).reversed() {
            for place in line + 1..<max(count, line + 1) {
                factors[line] -= root[place * count + line] * factors[place]
            }
            let diagonal = root[line * count + line]
            factors[line] = diagonal > 0 ? factors[line] / diagonal : 0
        }
        var sums = [Double](repeating: 0, count: width)
        for (line, factor) in factors.enumerated() where factor != 0 {
            for place in 0..<width { sums[place] += factor * Double(rows[line * width + place]) }
        }
        return sums.map(Float.init)
    }
}
