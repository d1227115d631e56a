import Foundation
import Neural
import SoraModel
import Testing

/// Models in int8: near their results in f32, and the same after a way through a file.
@Suite struct QuantizationTests {
    private let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    private func quantized(_ configuration: ModelConfiguration) throws -> Model {
        let model = try TestModels.model(configuration)
        let calibration = try ModelCalibration(model, backend: OneDNNBackend())
        for salt in 0..<4 { try calibration.observe(TestModels.frames(configuration, clips: 1, salt: UInt32(salt))) }
        model.quantization = try calibration.quantization(share: 1)
        return model
    }

    private func predictor(_ model: Model) throws -> Predictor {
        try Predictor(model, backend: OneDNNBackend(precision: .int8, quantization: model.quantization))
    }

    private static let kinds: [(String, Backbone)] = [
        ("residual", TestModels.configuration().backbone),
        (
            "bottleneck",
            .residual(
                Backbone.Residual(
                    stemKernel: 7, stemChannels: 16, stemPooling: true, channels: [16, 32], blocks: [2, 2],
                    bottleneck: true))
        ),
        ("plain", .plain(channels: [16, 32])), ("mobileNetV2", .mobileNetV2), ("squeezeNet", .squeezeNet),
    ]

    @Test(arguments: kinds) func embeddingsAreNearThoseOfFloats(_ name: String, _ backbone: Backbone) throws {
        var configuration = TestModels.configuration(backbone: backbone)
        if backbone == .mobileNetV2 || backbone == .squeezeNet { configuration.clip.size = 64 }
        let model = try quantized(configuration)
        let graph = try model.network.frameGraph(count: 1, isTraining: false).graph
        #expect(model.quantization?.layers.count == graph.convolutionCount)
        let frames = TestModels.frames(configuration, clips: 2, salt: 99)
        let floats = try Predictor(model, backend: OneDNNBackend()).predict(frames, clips: 2)
        let bytes = try predictor(model).predict(frames, clips: 2)
        for (a, b) in zip(floats, bytes) {
            #expect(a.cosine(to: b) > 0.99, "\(name): \(a.cosine(to: b))")
            // It is another computation, not the same one.
            #expect(a.embedding != b.embedding)
        }
    }

    @Test func stepsComeBackFromTheFile() throws {
        let configuration = TestModels.configuration()
        let model = try quantized(configuration)
        let path = folder.file("int8.safetensors")
        try model.write(to: path)
        let again = try Model(reading: path)
        #expect(again.quantization == model.quantization && again.quantization != nil)
        let frames = TestModels.frames(configuration, clips: 1)
        #expect(
            try predictor(model).predict(frames, clips: 1)[0].embedding
                == predictor(again).predict(frames, clips: 1)[0].embedding)
        let plain = try TestModels.model(configuration)
        try plain.write(to: path)
        #expect(try Model(reading: path).quantization == nil)
    }

    @Test func brokenStepsAreErrorsOfTheFile() throws {
        let model = try quantized(TestModels.configuration())
        let path = folder.file("broken.safetensors")
        try model.write(to: path)
        let good = try SafetensorsFile(reading: path)
        let json = try #require(good.metadata["sora.quantization"])
        let broken = [
            "", "{", "[]", "{\"layers\":[]}", "{\"layers\":{\"conv1.weight\":{}}}",
            json.replacing("conv1.weight", with: "conv9.weight"), json.replacing("\"high\":", with: "\"high\":-"),
            json.replacing("\"weightSteps\":[", with: "\"weightSteps\":[0.5,"),
            json.replacing("\"weightSteps\":[", with: "\"weightSteps\":[1e999,"),
        ]
        for text in broken {
            var file = good
            file.metadata["sora.quantization"] = text
            try file.write(to: path)
            do {
                _ = try Model(reading: path)
                Issue.record("was read: \(text.prefix(100))")
            } catch {
                #expect("\(error)".contains(path) && "\(error)".contains("int8"), "\(error)")
            }
        }
    }

    @Test func clipsOfAnotherSizeAreRefused() throws {
        let model = try TestModels.model()
        let calibration = try ModelCalibration(model, backend: OneDNNBackend())
        #expect(throws: ModelError.self) { try calibration.observe([1, 2, 3]) }
        #expect(throws: NeuralError.self) { try calibration.quantization(share: 1) }
    }
}
