import Media
import Neural
import SoraModel
import Testing

/// The part of the network that reads vectors in time, against PyTorch (Fixtures/temporal.py).
@Suite struct TemporalTests {
    struct Case: Decodable, Sendable, CustomTestStringConvertible {
        var fusion: Temporal.Fusion
        var bidirectional: Bool
        var layers: Int
        var names: [String]
        var embedding, logits: [Double]
        var testDescription: String { "\(fusion), \(layers) layers, bidirectional: \(bidirectional)" }
    }

    struct Fixture: Decodable {
        var clips, time, feature, hidden, embedding, classes: Int
        var scale: Float
        var cases: [Case]
    }

    static let fixture = try? FixtureFile.decode("temporal.json", as: Fixture.self)

    @Test func theFixtureHasEveryFusion() throws {
        let cases = try #require(Self.fixture).cases
        #expect(Set(cases.map(\.fusion)) == Set(Temporal.Fusion.allCases) && cases.count == 12)
    }

    @Test(arguments: fixture?.cases ?? []) func embeddingAndLogitsArePyTorchs(_ each: Case) throws {
        let fixture = try #require(Self.fixture)
        // A backbone whose vectors have the fixture's size: the clip network takes them from outside.
        let configuration = ModelConfiguration(
            preset: "test",
            clip: ClipFormat(
                specification: ClipSpecification(frames: fixture.time, height: 8, width: 8, margin: 1)),
            backbone: .residual(
                Backbone.Residual(
                    stemKernel: 3, stemChannels: 3, stemPooling: false, channels: [fixture.feature], blocks: [1])),
            temporal: Temporal(
                hidden: fixture.hidden, layers: each.layers, bidirectional: each.bidirectional, fusion: each.fusion),
            embeddingSize: fixture.embedding, head: Head(), labels: (0..<fixture.classes).map { "\($0)" })
        let clip = try SoraNetwork(configuration).clipGraph(clips: fixture.clips, isTraining: false)
        #expect(clip.graph.parameters.map(\.name).sorted() == each.names)
        let parameters = try ParameterBuffer(clip.graph.parameters)
        for (k, name) in each.names.enumerated() {
            let shape = try #require(parameters.parameter(named: name)).shape
            try parameters.set(
                name, to: Tensor(shape, Drawn.tensor(k, count: shape.elementCount, scale: fixture.scale)))
        }
        let results = try OneDNNBackend().compile(
            clip.graph, outputs: [GraphOutput(clip.embedding), GraphOutput(clip.logits)]
        ).run(["features": features(fixture)], parameters: parameters, gradients: nil)
        // Single precision over five steps of a GRU and two dense layers.
        expectClose(results[0].floats, each.embedding, 1e-5, "embedding")
        expectClose(results[1].floats, each.logits, 1e-5, "logits")
    }

    /// The fixture's `[clip, time, feature]`, as `[time, clip, feature]`.
    private func features(_ fixture: Fixture) throws -> Tensor {
        let (clips, time, size) = (fixture.clips, fixture.time, fixture.feature)
        let drawn = Drawn.tensor(500, count: clips * time * size, scale: fixture.scale)
        let ordered = (0..<time * clips).flatMap { position in
            let start = (position % clips * time + position / clips) * size
            return drawn[start..<start + size]
        }
        return try Tensor([time, clips, size], ordered)
    }
}
