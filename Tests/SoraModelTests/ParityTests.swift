import Neural
import SoraModel
import Testing

/// The whole of ResNet-18 + GRU against PyTorch in double precision, from the same weights and frames.
///
/// The tolerance is 1e-4 relative, for every comparison: of a tensor's length for its length and its projection, of an
/// element and its tensor's mean size for an element. PyTorch's own single precision is off by 2e-5 on the worst gradient
/// of this network, and Winograd's convolutions round some ten times as coarsely as direct ones. Measured with them
/// (oneDNN 2.6, AVX-512): 4.7e-5 on the worst element of a gradient, 2e-6 on outputs and loss.
@Suite struct ParityTests {
    static let tolerance = 1e-4

    private let fixture: ResNetFixture
    private let model: Model

    init() throws {
        fixture = try ResNetFixture.load()
        model = try Model(fixture.configuration, seed: 0)
        for entry in fixture.tensors {
            let count = entry.shape.reduce(1, *)
            let values = Drawn.tensor(entry.k, count: count, offset: entry.offset, scale: entry.scale)
            try model.parameters.set(entry.name, to: Tensor(Shape(entry.shape), values))
        }
    }

    @Test func framesAndNamesAreTheGenerators() throws {
        let frames = fixture.frames
        #expect(Array(frames.prefix(16)) == fixture.framesCheck.first)
        #expect(frames.reduce(0) { $0 + Int($1) } == fixture.framesCheck.sum)
        #expect(model.parameters.parameters.map(\.name).sorted() == fixture.tensors.map(\.name).sorted())
    }

    /// Loss, logits, embedding, every gradient and every running statistic of one training pass.
    @Test func trainingPassIsPyTorchs() throws {
        var clip = try model.network.wholeGraph(clips: fixture.batch, isTraining: true)
        let targets = try clip.graph.input("targets", TensorType([fixture.batch, fixture.classes]))
        let loss = try clip.graph.softmaxCrossEntropy(clip.logits, targets: targets)
        let trainable = model.parameters.parameters.filter(\.isTrainable)
        let sources = try trainable.map { try clip.graph.parameter($0) }
        let gradients = try clip.graph.gradients(of: loss, withRespectTo: sources)
        let outputs =
            [GraphOutput(loss), GraphOutput(clip.logits), GraphOutput(clip.embedding), GraphOutput(clip.features)]
            + zip(trainable, gradients).map { GraphOutput($1, .accumulate($0.name)) }
            + clip.graph.updates.map { GraphOutput($0.value, .assign($0.parameter)) }
        let found = try model.parameters.zeros()
        let results = try OneDNNBackend().compile(clip.graph, outputs: outputs).run(
            ["frames": framesTensor(), "targets": targetTensor()], parameters: model.parameters, gradients: found)

        let expected = fixture.training
        expectClose(results[0].floats, [try #require(expected.loss)], Self.tolerance, "loss")
        expectClose(results[1].floats, expected.logits, Self.tolerance, "logits")
        expectClose(results[2].floats, expected.pooled, Self.tolerance, "embedding")
        try expectFeatures(results[3].floats, expected)
        var compared = 0
        for entry in fixture.tensors {
            if let gradient = entry.gradient {
                expectClose(
                    try found.tensor(entry.name).floats, k: entry.k, gradient, Self.tolerance,
                    "gradient of \(entry.name)")
                compared += 1
            }
            if let updated = entry.updated {
                expectClose(
                    try model.parameters.tensor(entry.name).floats, k: entry.k, updated, Self.tolerance, entry.name)
            }
        }
        #expect(compared == trainable.count && compared == 66)
    }

    /// The same network with its running statistics, through the door that users take.
    @Test func inferencePassIsPyTorchs() throws {
        let clip = try model.network.wholeGraph(clips: fixture.batch, isTraining: false)
        let outputs = [clip.logits, clip.embedding, clip.features].map { GraphOutput($0) }
        let results = try OneDNNBackend().compile(clip.graph, outputs: outputs).run(
            ["frames": framesTensor()], parameters: model.parameters, gradients: nil)
        expectClose(results[0].floats, fixture.inference.logits, Self.tolerance, "logits")
        expectClose(results[1].floats, fixture.inference.pooled, Self.tolerance, "embedding")
        try expectFeatures(results[2].floats, fixture.inference)

        let predictions = try Predictor(model, backend: OneDNNBackend()).predict(fixture.frames, clips: fixture.batch)
        for (clip, prediction) in predictions.enumerated() {
            let range = clip * fixture.hidden..<(clip + 1) * fixture.hidden
            let pooled = Array(fixture.inference.pooled[range])
            let length = pooled.reduce(0) { $0 + $1 * $1 }.squareRoot()
            expectClose(prediction.embedding, pooled.map { $0 / length }, Self.tolerance, "embedding of \(clip)")
        }
    }

    /// The frames' vectors: the fixture's summary is over `[batch, time, feature]`, whose norm and sums no order changes.
    private func expectFeatures(_ found: [Float], _ pass: ResNetFixture.Pass) throws {
        expectClose(found, k: 0, try #require(pass.activations["features"]), Self.tolerance, "features")
    }

    private func framesTensor() throws -> Tensor {
        let size = fixture.size
        return try Tensor([fixture.batch * fixture.time, size, size, 3], fixture.timeMajorFrames)
    }

    private func targetTensor() throws -> Tensor {
        let rows: [Float] = fixture.labels.flatMap { label in (0..<fixture.classes).map { $0 == label ? 1 : 0 } }
        return try Tensor([fixture.batch, fixture.classes], rows)
    }
}
