import Neural
import Testing

/// What the losses promise beyond PyTorch's values: weights of samples, and finite numbers at any logits.
@Suite struct LossTests {
    private func run(_ test: TestBackend, _ operation: OperationCase) throws -> (loss: Tensor, gradients: [Tensor]) {
        let one = try Tensor([], [1] as [Float])
        let found = try operation.differentiated(cotangents: [0: one]).run(on: test.backend)
        return (found.outputs[0], found.gradients)
    }

    private typealias Loss = @Sendable (inout Graph, [Graph.Value], Graph.Value?) throws -> Graph.Value

    private static let losses: [(String, Loss)] = [
        ("softmax cross-entropy", { try $0.softmaxCrossEntropy($1[0], targets: $1[1], sampleWeight: $2) }),
        ("sigmoid cross-entropy", { try $0.sigmoidCrossEntropy($1[0], targets: $1[1], sampleWeight: $2) }),
        ("squared error", { try $0.meanSquaredError($1[0], target: $1[1], sampleWeight: $2) }),
        ("absolute error", { try $0.meanAbsoluteError($1[0], target: $1[1], sampleWeight: $2) }),
        ("InfoNCE", { try $0.infoNCE($1[0], $1[1], temperature: 0.2, sampleWeight: $2) }),
    ]

    /// A batch filled up with rows of weight 0 has the loss and the gradients of the batch without them.
    @Test(arguments: TestBackend.all, losses.indices)
    func rowsOfWeightZeroCountForNothing(_ test: TestBackend, _ index: Int) throws {
        let (name, loss) = Self.losses[index]
        let (x, t) = (try Source.normal("x", [3, 4]), try Source.uniform("t", [3, 4], 0, 1).constant)
        let plain = try run(test, ExtraCases.one(name, [x, t]) { try loss(&$0, $1, nil) })
        let filling: [Float] = [9, -7, 100, 0.5, 3, 3, 3, 3]
        let weights: [Float] = [1, 1, 1, 0, 0]
        let filled = try run(
            test,
            ExtraCases.one(
                name,
                [
                    Source(name: "x", tensor: try Tensor([5, 4], x.tensor.floats + filling)),
                    Source(name: "t", tensor: try Tensor([5, 4], t.tensor.floats + filling), isDifferentiable: false),
                    Source(name: "w", tensor: try Tensor([5], weights), isDifferentiable: false),
                ]
            ) { try loss(&$0, $1, $1[2]) })
        expectClose(filled.loss, plain.loss, 4 * test.tolerance, name)
        try expectClose(
            filled.gradients[0], Tensor([5, 4], plain.gradients[0].floats + [Float](repeating: 0, count: 8)),
            4 * test.tolerance, "gradient of \(name)")
    }

    @Test(arguments: TestBackend.all, losses.indices)
    func nothingCountedIsZero(_ test: TestBackend, _ index: Int) throws {
        let (name, loss) = Self.losses[index]
        let none = Source(name: "w", tensor: try Tensor([3], [0, 0, 0] as [Float]), isDifferentiable: false)
        let sources = [try Source.normal("x", [3, 4]), try Source.uniform("t", [3, 4], 0, 1).constant, none]
        let found = try run(test, ExtraCases.one(name, sources) { try loss(&$0, $1, $1[2]) })
        #expect(found.loss.floats == [0])
        #expect(found.gradients[0].floats.allSatisfy { $0 == 0 })
    }

    /// `log(1 + exp(1e4))` and the like overflow where they are computed as written.
    @Test(arguments: TestBackend.all)
    func largeLogitsAreFinite(_ test: TestBackend) throws {
        let logits = Source(name: "x", tensor: try Tensor([2, 3], [1e4, -1e4, 0, -1e4, 1e4, 3e4] as [Float]))
        let right = try Tensor([2, 3], [1, 0, 0, 0, 0, 1] as [Float])
        let wrong = try Tensor([2, 3], [0, 1, 0, 1, 0, 0] as [Float])
        for (targets, softmax, sigmoid) in [(right, Float(0), Float(1e4)), (wrong, 3e4, 7e4)] {
            let sources = [logits, Source(name: "t", tensor: targets, isDifferentiable: false)]
            let first = try run(
                test, ExtraCases.one("softmax", sources) { try $0.softmaxCrossEntropy($1[0], targets: $1[1]) })
            // The logarithm in a kernel's softmax is right to a few units in the last place beside 1.
            #expect(abs(first.loss.floats[0] - softmax) <= 5e-6 * max(1, softmax))
            let second = try run(
                test, ExtraCases.one("sigmoid", sources) { try $0.sigmoidCrossEntropy($1[0], targets: $1[1]) })
            // log(2) of the logit 0 beside the large ones.
            let expected = (sigmoid + 0.693_147_2) / 6
            try expectClose(second.loss, Tensor([], [expected]), test.tolerance, "sigmoid")
            #expect((first.gradients + second.gradients).allSatisfy { $0.floats.allSatisfy(\.isFinite) })
        }
    }

    @Test(arguments: TestBackend.all)
    func oneContrastedPairHasNoLoss(_ test: TestBackend) throws {
        let sources = [try Source.normal("a", [1, 4]), try Source.normal("b", [1, 4])]
        let found = try run(test, ExtraCases.one("InfoNCE", sources) { try $0.infoNCE($1[0], $1[1]) })
        #expect(abs(found.loss.floats[0]) < 5e-6)
    }
}
