import Neural
import Testing

/// Backends against the reference, at sizes for which there are no values of PyTorch.
@Suite struct BackendComparisonTests {
    @Test(arguments: TestBackend.others, ExtraCases.all)
    func agrees(_ test: TestBackend, _ operation: OperationCase) throws {
        let problem = try operation.differentiated()
        let expected = try problem.run(on: ReferenceBackend())
        let found = try problem.run(on: test.backend)
        for (index, pair) in zip(found.outputs, expected.outputs).enumerated() {
            expectClose(pair.0, pair.1, test.tolerance, "\(operation.name), output \(index)")
        }
        for (name, pair) in zip(problem.differentiable, zip(found.gradients, expected.gradients)) {
            expectClose(pair.0, pair.1, test.tolerance, "\(operation.name), gradient of \(name)")
        }
    }
}
