import Testing

/// Expects numbers that differ by at most `tolerance` of the largest expected one.
func expectClose(
    _ found: [Float], _ expected: [Double], _ tolerance: Double, _ what: String,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(found.count == expected.count, "\(what)", sourceLocation: sourceLocation)
    let scale = expected.reduce(0) { max($0, abs($1)) }
    // Not a number fails, wherever it is: every comparison with it is false.
    let isClose = zip(found, expected).allSatisfy { abs(Double($0) - $1) <= tolerance * scale }
    let worst = zip(found, expected).map { abs(Double($0) - $1) }.max() ?? 0
    #expect(isClose, "\(what) differs by \(worst) of at most \(scale)", sourceLocation: sourceLocation)
}

/// Expects a tensor whose summary is the fixture's, compared as its `compare` rule says.
func expectClose(
    _ found: [Float], k: Int, _ expected: ResNetFixture.Summary, _ t: Double, _ what: String,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    var (square, sum, projection) = (0.0, 0.0, 0.0)
    for (index, value) in found.enumerated() {
        square += Double(value) * Double(value)
        sum += Double(value)
        if expected.projection != nil { projection += Double(value) * Double(Drawn.uniform(k + 2000, index)) }
    }
    let norm = square.squareRoot()
    func near(_ a: Double, _ b: Double, _ room: Double, _ which: String) {
        let error = abs(a - b)
        #expect(
            error <= room, "\(what): \(which) is \(a), not \(b): \(error / room * t) relative",
            sourceLocation: sourceLocation)
    }
    near(norm, expected.norm, t * expected.norm, "norm")
    near(sum, expected.sum, t * expected.absoluteSum, "sum")
    if let wanted = expected.projection { near(projection, wanted, t * expected.norm, "projection") }
    let typical = expected.norm / Double(found.count).squareRoot()
    for (position, value) in zip(expected.positions ?? [], expected.values ?? []) where position < found.count {
        near(Double(found[position]), value, t * (abs(value) + typical), "element \(position)")
    }
}
