import Foundation
import Interop
import Neural
import SoraModel
import Testing

/// Exported networks, which ONNX Runtime has run: `Fixtures/networks.py` says how its results were made.
@Suite struct NetworkTests {
    private struct Results: Decodable {
        var embedding: [[Double]]
        var probabilities: [[Double]]
    }

    private static let salt: UInt32 = 77
    private let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    private func exported(_ model: Model) throws -> Data {
        let path = folder.file("\(UUID().uuidString).onnx")
        try ONNXExport(model, version: "0").write(to: path)
        return try Data(contentsOf: URL(fileURLWithPath: path))
    }

    /// The export is the committed file, byte for byte, so what ONNX Runtime says of the file it says of the export.
    @Test(arguments: Networks.all.indices) func theFileIsTheOneThatWasRun(_ index: Int) throws {
        let (name, configuration) = Networks.all[index]
        let bytes = try exported(try Networks.model(configuration))
        if let place = ProcessInfo.processInfo.environment["SORA_WRITE_FIXTURES"] {
            try bytes.write(to: URL(fileURLWithPath: "\(place)/\(name).onnx"))
        } else {
            #expect(try bytes == Fixture.bytes("\(name).onnx"), "\(name)")
        }
    }

    /// The tolerance is that of single precision over some hundred sums; measured: 6e-7 at most.
    @Test(arguments: Networks.all.indices) func onnxRuntimeAndSoraAgree(_ index: Int) throws {
        let (name, configuration) = Networks.all[index]
        let results = try JSONDecoder().decode([String: Results].self, from: Fixture.bytes("networks.json"))
        let expected = try #require(results[name])
        let clip = configuration.clip
        let frames = Drawn.bytes(Self.salt, count: 3 * clip.frames * clip.size * clip.size * 3)
        let found = try Predictor(Networks.model(configuration), backend: OneDNNBackend()).predict(frames, clips: 3)
        #expect(expected.embedding.count == 3 && expected.embedding[0] != expected.embedding[1])
        for (clip, prediction) in found.enumerated() {
            for (own, theirs) in [
                (prediction.embedding, expected.embedding[clip]),
                (prediction.probabilities, expected.probabilities[clip]),
            ] {
                #expect(own.count == theirs.count)
                let worst = zip(own, theirs).map { abs(Double($0) - $1) }.max() ?? .infinity
                #expect(worst < 1e-5, "\(name), clip \(clip): \(worst)")
            }
        }
    }

    @Test func theSameModelGivesTheSameBytes() throws {
        let model = try Networks.model(Networks.all[2].configuration)
        #expect(try exported(model) == exported(model))
    }
}
