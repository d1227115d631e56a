import Foundation
import Neural
import SoraModel
import Testing

/// Weights of other networks: whole, in part, and with their batch normalisations folded into convolutions.
@Suite struct StartingWeightsTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("sora-\(UUID().uuidString)")
    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

    private func configuration(_ backbone: Backbone) -> ModelConfiguration {
        ModelConfiguration(
            preset: "test", clip: TestModels.configuration().clip, backbone: backbone, temporal: Temporal(hidden: 4),
            embeddingSize: 4, head: Head(), labels: ["a", "b"])
    }

    static let backbones: [Backbone] = [
        .residual(Backbone.Residual(stemKernel: 3, stemChannels: 4, channels: [8, 8], blocks: [1, 2])),
        .residual(Backbone.Residual(stemChannels: 4, channels: [4], blocks: [2], bottleneck: true)),
    ]

    /// Folding as it is defined, by hand: `w * scale / sqrt(variance + epsilon)`, and what is left as bias.
    @Test(arguments: backbones) func foldedNormsGiveTheSameVectors(_ backbone: Backbone) throws {
        let source = try Model(configuration(backbone), seed: 3)
        var names: [String] = []
        for (index, parameter) in source.parameters.parameters.enumerated()
        where parameter.name.hasSuffix("running_var") {
            let name = String(parameter.name.dropLast("running_var".count))
            names.append(name)
            let parts: [(String, Float, Float)] = [
                ("weight", 1, 0.5), ("bias", 0, 0.5), ("running_mean", 0, 0.5), ("running_var", 1.25, 0.7),
            ]
            for (salt, (part, offset, scale)) in parts.enumerated() {
                let count = parameter.shape.elementCount
                let values = Drawn.tensor(4 * index + salt, count: count, offset: offset, scale: scale)
                try source.parameters.set(name + part, to: Tensor(parameter.shape, values))
            }
        }
        var tensors: [String: Tensor] = [:]
        for name in names {
            let convolution = name.replacingOccurrences(of: "bn", with: "conv").replacingOccurrences(
                of: "downsample.1", with: "downsample.0")
            func floats(_ part: String) throws -> [Float] { try source.parameters.tensor(name + part).floats }
            let (scale, shift) = (try floats("weight"), try floats("bias"))
            let (mean, variance) = (try floats("running_mean"), try floats("running_var"))
            let weight = try source.parameters.tensor(convolution + "weight")
            let factors = scale.indices.map { scale[$0] / (variance[$0] + 1e-5).squareRoot() }
            let size = weight.shape.elementCount / factors.count
            let folded = weight.floats.enumerated().map { $1 * factors[$0 / size] }
            tensors[convolution + "weight"] = try Tensor(weight.shape, folded)
            tensors[convolution + "bias"] = try Tensor(
                [factors.count], factors.indices.map { shift[$0] - mean[$0] * factors[$0] })
        }
        let path = folder.appendingPathComponent("folded.safetensors").path
        try SafetensorsFile(tensors: tensors, metadata: [:]).write(to: path)
        let target = try Model(configuration(backbone), seed: 4)
        let weights = try StartingWeights(reading: path, into: target)
        #expect(weights.folded.count == names.count && weights.taken.count == names.count)
        #expect(weights.unused.isEmpty && weights.misshapen.isEmpty)
        #expect(weights.fresh.allSatisfy { source.configuration.backbone.stage(of: $0) == nil })
        let frames = TestModels.frames(source.configuration, clips: 1)
        let count = source.configuration.clip.frames
        func features(_ model: Model) throws -> [Float] {
            try Predictor(model, backend: ReferenceBackend()).features(frames, count: count)
        }
        expectClose(try features(target), try features(source).map(Double.init), 1e-5, "vectors")
    }

    /// A file that lacks a stage leaves it as it was drawn, and is told apart from one that has nothing.
    @Test func partsAreTakenAndReported() throws {
        let configuration = configuration(Self.backbones[0])
        let source = try Model(configuration, seed: 3)
        var tensors = try source.parameters.tensors().filter { !$0.key.hasPrefix("layer2") && !$0.key.hasPrefix("gru") }
        tensors["fc.weight"] = try Tensor([1], [Float(0)])
        tensors["head.bias"] = try Tensor([3], [Float(0), 0, 0])
        let path = folder.appendingPathComponent("part.safetensors").path
        try SafetensorsFile(tensors: tensors, metadata: [:]).write(to: path)
        let target = try Model(configuration, seed: 4)
        let before = try target.parameters.tensor("layer2.0.conv1.weight")
        let weights = try StartingWeights(reading: path, into: target)
        #expect(weights.unused == ["fc.weight"] && weights.folded.isEmpty)
        #expect(weights.misshapen.count == 1 && weights.misshapen[0].hasPrefix("head.bias"))
        #expect(weights.fresh.allSatisfy { $0.hasPrefix("layer2") || $0.hasPrefix("gru") } && !weights.fresh.isEmpty)
        #expect(try target.parameters.tensor("layer2.0.conv1.weight") == before)
        #expect(try target.parameters.tensor("conv1.weight") == source.parameters.tensor("conv1.weight"))
        for word in ["not in the file", "layer2", "of another shape", "head.bias", "not used: fc.weight"] {
            #expect(weights.report.contains(word), "\(weights.report)")
        }
        try SafetensorsFile(tensors: ["x": Tensor([1], [Float(0)])], metadata: [:]).write(to: path)
        #expect(throws: ModelError.self) { try StartingWeights(reading: path, into: target) }
    }

    /// The rows of the head go with their classes: in another order where the network has them so, and not at all for others.
    @Test func theHeadIsTakenByItsClasses() throws {
        var own = configuration(Self.backbones[0])
        (own.head.kind, own.labels) = (.multiClass, ["a", "b", "c"])
        let source = try Model(own, seed: 3)
        let path = folder.appendingPathComponent("model.safetensors").path
        try source.write(to: path)
        func rows(_ model: Model, _ name: String) throws -> [[Float]] {
            let floats = try model.parameters.tensor(name).floats
            return (0..<3).map { Array(floats[$0 * floats.count / 3..<($0 + 1) * floats.count / 3]) }
        }
        own.labels = ["c", "a", "b"]
        let turned = try Model(own, seed: 4)
        #expect(try StartingWeights(reading: path, into: turned).foreign.isEmpty)
        for name in ["head.weight", "head.bias"] {
            let (found, expected) = (try rows(turned, name), try rows(source, name))
            #expect(found == [expected[2], expected[0], expected[1]])
        }
        own.labels = ["a", "b", "d"]
        let other = try Model(own, seed: 4)
        let before = try rows(other, "head.weight")
        let weights = try StartingWeights(reading: path, into: other)
        #expect(weights.foreign == ["head.weight", "head.bias"] && weights.report.contains("of other classes"))
        #expect(try rows(other, "head.weight") == before && rows(source, "head.weight") != before)
    }

    /// Every parameter of a backbone belongs to one of its stages, and those of the clip network to none.
    @Test(arguments: Preset.allCases) func stagesCoverTheBackbone(_ preset: Preset) throws {
        var configuration = preset.configuration
        configuration.labels = ["a", "b"]
        let network = try SoraNetwork(configuration)
        let (backbone, stages) = (configuration.backbone, configuration.backbone.stages)
        var found: Set<Int> = []
        for parameter in try network.frameGraph(count: 1, isTraining: true).graph.parameters {
            let stage = try #require(backbone.stage(of: parameter.name), "\(parameter.name)")
            #expect(stages.indices.contains(stage))
            found.insert(stage)
        }
        #expect(found.count == stages.count)
        for parameter in try network.clipGraph(clips: 1, isTraining: true).graph.parameters {
            #expect(backbone.stage(of: parameter.name) == nil, "\(parameter.name)")
        }
        let frozen = try SoraNetwork(configuration, frozenStages: stages.count).frameGraph(count: 1, isTraining: true)
        #expect(frozen.graph.parameters.allSatisfy { !$0.isTrainable } && frozen.graph.updates.isEmpty)
    }
}
