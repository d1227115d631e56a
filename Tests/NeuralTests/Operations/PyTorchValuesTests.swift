import Neural
import Testing

/// Every operation and its gradients against what PyTorch computed in double precision.
@Suite struct PyTorchValuesTests {
    @Test func fixturesAreThere() {
        #expect(Fixture.all.count == 207)
        #expect(!Fixture.tensors.isEmpty)
    }

    @Test(arguments: TestBackend.all, Fixture.all)
    func matches(_ test: TestBackend, _ fixture: Fixture) throws {
        var cotangents: [Int: Tensor] = [:]
        for (index, output) in fixture.outputs.enumerated() {
            cotangents[index] = fixture.cotangents?[output].flatMap { Fixture.tensors[$0] }
        }
        let problem = try fixture.operationCase().differentiated(cotangents: cotangents)
        let found = try problem.run(on: test.backend)
        for (path, output) in zip(fixture.outputs, found.outputs) {
            expectClose(output, try #require(Fixture.tensors[path]), test.tolerance, path)
        }
        for (source, gradient) in zip(problem.differentiable, found.gradients) {
            let path = try #require(fixture.gradients?["\(fixture.name)/\(source)"])
            // The gradient of a saturated softmax is a small difference of terms as large as the cotangent: single
            // precision promises it to a rounding of those, not of itself.
            let isDifference = fixture.name == "softmax.extremes" && !(test.backend is ReferenceBackend)
            let terms = cotangents.values.flatMap(\.floats).map(abs).max() ?? 0
            expectClose(
                gradient, try #require(Fixture.tensors[path]), test.tolerance, path,
                floor: isDifference ? 1.2e-7 * Double(terms) : 1e-30)
        }
    }
}

extension Fixture: CustomTestStringConvertible {
    var testDescription: String { name }
}
