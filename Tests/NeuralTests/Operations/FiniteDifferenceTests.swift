import Neural
import Testing

/// Every gradient against central differences of the operation itself, in the reference backend's doubles.
@Suite struct FiniteDifferenceTests {
    @Test(arguments: Fixture.all)
    func gradientsOfFixtures(_ fixture: Fixture) throws {
        try check(fixture.operationCase())
    }

    @Test(arguments: ExtraCases.all)
    func gradientsOfExtraCases(_ operation: OperationCase) throws {
        try check(operation)
    }

    @Test func extraCasesAreThere() throws {
        #expect(try ExtraCases.make().count == ExtraCases.all.count)
    }

    /// Differentiates along directions in which all elements of a source move at once, which none can escape, and
    /// along single elements, which tell where a gradient is wrong.
    private func check(_ operation: OperationCase) throws {
        let problem = try operation.differentiated()
        #expect(!problem.gradients.isEmpty)
        let backend = ReferenceBackend()
        let gradients = try backend.interpreter(problem.graph, outputs: problem.gradients.map { GraphOutput($0) })
        let outputs = try backend.interpreter(
            problem.graph, outputs: problem.pairs.flatMap { [GraphOutput($0.output), GraphOutput($0.cotangent)] })
        let sources = Dictionary(
            uniqueKeysWithValues: problem.sources.map { ($0.name, ReferenceTensor($0.tensor)) })
        let found = try gradients.evaluate(
            input: { name, _ in try value(name, sources) }, parameter: { name, _ in try value(name, sources) })

        for (name, gradient) in zip(problem.differentiable, found) {
            let source = try value(name, sources)
            for direction in directions(operation.name + name, count: source.values.count) {
                func objective(_ step: Double) throws -> (sum: Double, magnitude: Double) {
                    var moved = sources
                    moved[name]?.values = zip(source.values, direction).map { $0 + step * $1 }
                    let values = try outputs.evaluate(
                        input: { name, _ in try value(name, moved) }, parameter: { name, _ in try value(name, moved) })
                    var (sum, magnitude) = (0.0, 0.0)
                    for index in stride(from: 0, to: values.count, by: 2) {
                        for (output, cotangent) in zip(values[index].values, values[index + 1].values) {
                            sum += output * cotangent
                            magnitude += abs(output * cotangent)
                        }
                    }
                    return (sum, magnitude)
                }
                // Doubles: a step of 1e-5 leaves a truncation of 1e-10 and, of a sum's 1e-16, a rounding of 1e-11.
                let step = 1e-5
                let (above, below) = (try objective(step), try objective(-step))
                let difference = (above.sum - below.sum) / (2 * step)
                let terms: [Double] = zip(gradient.values, direction).map { $0 * $1 }
                // 1e-6 of the terms allows for the graph's constants, which are floats.
                let spread: Double = terms.reduce(0) { $0 + abs($1) }
                let allowed = 1e-6 * spread + 1e-9 * (1 + above.magnitude)
                let error = abs(difference - terms.reduce(0, +))
                #expect(error <= allowed, "\(operation.name), \(name): off by \(error) of \(difference)")
            }
        }
    }

    private func value(_ name: String, _ values: [String: ReferenceTensor]) throws -> ReferenceTensor {
        try #require(values[name])
    }

    private func directions(_ name: String, count: Int) -> [[Double]] {
        var random = TestRandom(name)
        let dense = (0..<2).map { _ in (0..<count).map { _ in random.normal() } }
        let single = (0..<min(count, 6)).map { number in
            var direction = [Double](repeating: 0, count: count)
            direction[count <= 6 ? number : Int(random.uniform() * Double(count)) % count] = 1
            return direction
        }
        return dense + single
    }
}
