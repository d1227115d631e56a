import Media
import Neural
import SoraModel
import Testing

/// Grad-CAM and each frame's share, against PyTorch (Fixtures/activation.py).
@Suite struct ExplanationTests {
    struct Case: Decodable, Sendable, CustomTestStringConvertible {
        struct Entry: Decodable, Sendable {
            var name: String
            var k: Int
            var offset, scale: Float
        }
        var grid, label, height, width: Int
        var head: Head.Kind
        var tensors: [Entry]
        var maps, frames: [Double]
        var testDescription: String { "\(head), grid of \(grid), label \(label)" }
    }

    struct Fixture: Decodable {
        var frames, size, hidden, embedding: Int
        var channels: [Int]
        var cases: [Case]
    }

    static let fixture = try? FixtureFile.decode("activation.json", as: Fixture.self)

    private func model(_ each: Case) throws -> Model {
        let fixture = try #require(Self.fixture)
        let model = try Model(
            ModelConfiguration(
                preset: "test",
                clip: ClipFormat(
                    specification: ClipSpecification(
                        frames: fixture.frames, height: fixture.size, width: fixture.size, margin: 1),
                    mean: [0.4, 0.5, 0.6], deviation: [0.2, 0.25, 0.3]),
                backbone: .residual(
                    Backbone.Residual(
                        stemKernel: 3, stemChannels: 4, stemPooling: false, channels: fixture.channels, blocks: [1, 1])),
                temporal: Temporal(gridChannels: each.grid, hidden: fixture.hidden, fusion: .mean),
                embeddingSize: fixture.embedding, head: Head(kind: each.head),
                labels: each.head == .binary ? ["no", "yes"] : ["a", "b", "c"]), seed: 0)
        #expect(model.parameters.parameters.map(\.name).sorted() == each.tensors.map(\.name))
        for entry in each.tensors {
            let shape = try #require(model.parameters.parameter(named: entry.name)).shape
            let values = Drawn.tensor(entry.k, count: shape.elementCount, offset: entry.offset, scale: entry.scale)
            try model.parameters.set(entry.name, to: Tensor(shape, values))
        }
        return model
    }

    @Test func theFixtureHasItsCases() throws { #expect(try #require(Self.fixture).cases.count == 4) }

    @Test(arguments: fixture?.cases ?? []) func mapsAndSharesArePyTorchs(_ each: Case) throws {
        let model = try model(each)
        let frames = TestModels.frames(model.configuration, clips: 1)
        let found = try ClipExplainer(model, backend: OneDNNBackend()).explain(frames, label: each.label)
        #expect(found.label == each.label && found.height == each.height && found.width == each.width)
        // Single precision through eight convolutions and back; Winograd's round ten times as coarsely as direct ones.
        expectClose(found.maps, each.maps, 1e-4, "maps")
        expectClose(found.frames.map(Float.init), each.frames, 1e-4, "frames")
    }

    /// A clip that goes through the frames' network in parts that do not divide it is explained as in one.
    @Test func partsDoNotShow() throws {
        let each = try #require(Self.fixture).cases[0]
        let model = try model(each)
        let frames = TestModels.frames(model.configuration, clips: 1)
        let explainer = try ClipExplainer(model, backend: OneDNNBackend(), maximumChunk: 2)
        expectClose(try explainer.explain(frames, label: each.label).maps, each.maps, 1e-4, "maps")
    }

    @Test(arguments: [Backbone.plain(channels: [5, 8]), .mobileNetV2, .squeezeNet]) func everyBackboneIsExplained(
        _ backbone: Backbone
    ) throws {
        try expectAgreement(TestModels.configuration(backbone: backbone))
    }

    /// What is shown of motion goes into the maps, beside the frames or alone.
    @Test(arguments: Motion.allCases) func motionIsExplained(_ motion: Motion) throws {
        var configuration = TestModels.configuration()
        configuration.motion = motion
        try expectAgreement(configuration)
    }

    private func expectAgreement(_ configuration: ModelConfiguration) throws {
        let model = try TestModels.model(configuration)
        let frames = TestModels.frames(model.configuration, clips: 1)
        let fast = try ClipExplainer(model, backend: OneDNNBackend()).explain(frames, label: 1)
        let naive = try ClipExplainer(model, backend: ReferenceBackend()).explain(frames, label: 1)
        expectClose(fast.maps, naive.maps.map(Double.init), 1e-3, "maps")
        expectClose(fast.frames.map(Float.init), naive.frames, 1e-3, "frames")
        #expect(abs(fast.frames.reduce(0) { $0 + abs($1) } - 1) < 1e-9)
    }

    @Test func strengthIsReadBetweenPlaces() {
        let explanation = ClipExplanation(label: 0, frames: [1], height: 2, width: 2, maps: [0, 1, 0.5, 0])
        #expect(explanation.strength(frame: 0, x: 0.25, y: 0.25) == 0)
        #expect(explanation.strength(frame: 0, x: 0.75, y: 0.25) == 1)
        #expect(explanation.strength(frame: 0, x: 0.5, y: 0.25) == 0.5)
        #expect(explanation.strength(frame: 0, x: 0.5, y: 0.5) == 0.375)
        #expect(explanation.strength(frame: 0, x: 0, y: 1) == 0.5)
    }

    @Test func refusesWhatIsNotAClip() throws {
        let model = try TestModels.model()
        let explainer = try ClipExplainer(model, backend: OneDNNBackend())
        #expect(throws: ModelError.self) { try explainer.explain([0, 1, 2], label: 0) }
        let frames = TestModels.frames(model.configuration, clips: 1)
        #expect(throws: ModelError.self) { try explainer.explain(frames, label: 3) }
    }
}
