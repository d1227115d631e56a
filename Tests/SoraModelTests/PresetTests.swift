import Neural
import SoraModel
import Testing

/// The presets' layers against torchvision's and Keras's (Fixtures/presets.py).
@Suite struct PresetTests {
    /// `["layer1.0.conv1.weight", 64, 64, 3, 3]`
    struct NamedShape: Decodable, Hashable {
        var name: String
        var shape: [Int]

        init(_ parameter: Parameter) { (name, shape) = (parameter.name, parameter.shape.dimensions) }

        init(from decoder: any Decoder) throws {
            var container = try decoder.unkeyedContainer()
            name = try container.decode(String.self)
            shape = []
            while !container.isAtEnd { shape.append(try container.decode(Int.self)) }
        }
    }

    struct KerasLayer: Decodable {
        var name: String
        var output: [Int]
        var parameters: Int
    }

    struct Article: Decodable {
        var parameters: Int
        var layers: [KerasLayer]
    }

    struct Fixture: Decodable {
        var article: Article
        var networks: [String: [NamedShape]]
    }

    private let fixture: Fixture
    init() throws { fixture = try FixtureFile.decode("presets.json") }

    private func configuration(_ preset: Preset) -> ModelConfiguration {
        var configuration = preset.configuration
        configuration.labels = ["no", "yes"]
        return configuration
    }

    @Test(arguments: [Preset.resnet18, .resnet34, .resnet50, .mobilenetv2, .squeezenet])
    func layersAreTorchvisions(_ preset: Preset) throws {
        let expected = try #require(fixture.networks[preset.rawValue])
        let found = try SoraNetwork(configuration(preset)).frameGraph(count: 1, isTraining: true).graph.parameters
        #expect(Set(found.map(NamedShape.init)) == Set(expected))
        #expect(found.count == expected.count)
        // What training does not touch is the running statistics, and nothing else.
        #expect(found.allSatisfy { $0.isTrainable != $0.name.contains(".running_") })
        let all = Set(try SoraNetwork(configuration(preset)).parameters().map(\.name))
        #expect(
            all.subtracting(expected.map(\.name)) == [
                "gru.weight_ih_l0", "gru.weight_hh_l0", "gru.bias_ih_l0", "gru.bias_hh_l0", "embedding.weight",
                "embedding.bias", "head.weight", "head.bias",
            ])
    }

    /// He et al. 2016, table 1 and Sandler et al. 2018, table 2: feature maps of 7x7.
    @Test func vectorsAreTheLastFeatureMaps() throws {
        for (preset, size) in [
            (Preset.resnet18, 512), (.resnet34, 512), (.resnet50, 2048), (.mobilenetv2, 1280), (.squeezenet, 512),
            (.article, 64),
        ] {
            #expect(try SoraNetwork(configuration(preset)).featureSize() == size, "\(preset)")
        }
    }

    @Test func articleIsKerassNetwork() throws {
        let summary = try ModelSummary(SoraNetwork(configuration(.article)))
        #expect(summary.parameters == fixture.article.parameters)
        let layers = summary.layers.filter { $0.parameters > 0 }
        let expected = fixture.article.layers.filter { $0.parameters > 0 }
        #expect(layers.map(\.name) == ["conv1", "conv2", "gru", "head"])
        #expect(layers.map(\.parameters) == expected.map(\.parameters))
        // Ours counts frames in the first axis, as Keras does in its second; the GRU gives all its states, of which
        // Keras keeps the last.
        #expect(layers[0].output == expected[0].output)
        #expect(layers[1].output == expected[1].output)
        #expect(layers[2].output == [1, 100] + expected[2].output)
        #expect(layers[3].output == [1] + expected[3].output)
    }

    /// The article's text: 100 frames of 224x224x3, a GRU of 128, one sigmoid.
    @Test func articleIsAsWritten() throws {
        let article = Preset.article.configuration
        #expect(article.clip.frames == 100 && article.clip.size == 224)
        #expect(article.backbone == .plain(channels: [32, 64]))
        #expect(article.temporal == Temporal(hidden: 128, fusion: .last))
        #expect(article.head.kind == .binary && article.embeddingSize == nil)
    }

    @Test func smallIsSmall() throws {
        var small = Preset.small.configuration
        small.labels = (0..<8).map { "class \($0)" }
        #expect(small.clip.size == 112)
        let count = try ModelSummary(SoraNetwork(small)).parameters
        #expect((1_000_000...2_000_000).contains(count), "\(count) parameters")
    }

    /// Every preset takes its own frames, and its configuration survives the trip through a file's metadata.
    @Test(arguments: Preset.allCases) func everyPresetMakesSense(_ preset: Preset) throws {
        try configuration(preset).validate()
        #expect(preset.configuration.preset == preset.rawValue)
        let summary = try ModelSummary(SoraNetwork(configuration(preset)))
        #expect(summary.operationsPerFrame > 0 && summary.embeddingSize >= 128)
    }

    /// Multiplications and additions that the literature gives: ResNet-18 1.8, ResNet-34 3.6, ResNet-50 4.1,
    /// MobileNetV2 0.3 and SqueezeNet 1.1 0.35, of which its classifier has 0.09, thousand million multiply-adds at 224x224,
    /// each two operations here. To two figures.
    @Test func costsAreThePublishedOnes() throws {
        for (preset, published) in [
            (Preset.resnet18, 1.82), (.resnet34, 3.68), (.resnet50, 4.12), (.mobilenetv2, 0.31), (.squeezenet, 0.263),
        ] {
            let found = Double(try ModelSummary(SoraNetwork(configuration(preset))).operationsPerFrame) / 2e9
            #expect(abs(found - published) < 0.05 * published, "\(preset): \(found)")
        }
    }
}
