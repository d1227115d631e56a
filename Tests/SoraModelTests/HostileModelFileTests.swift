import Foundation
import Neural
import SoraModel
import Testing

/// Model files whose configuration asks for what their tensors do not hold.
@Suite struct HostileModelFileTests {
    /// Writes a sound file of a small model whose configuration was changed, and tries to read it.
    private func reading(_ change: (inout ModelConfiguration) -> Void) throws -> (any Error)? {
        var configuration = Preset.small.configuration
        configuration.labels = ["a", "b"]
        let model = try Model(configuration, seed: 1)
        change(&configuration)
        let folder = FileManager.default.temporaryDirectory.appending(path: "hostile-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "m.safetensors").path(percentEncoded: false)
        let json = String(decoding: try JSONEncoder().encode(configuration), as: UTF8.self)
        try SafetensorsFile(
            tensors: model.parameters.tensors(), metadata: ["sora.format": "1", "sora.configuration": json]
        ).write(to: path)
        do { _ = try Model(reading: path) } catch {
            #expect("\(error)".contains(path), "\(error)")
            #expect("\(error)".utf8.count < 2000)
            return error
        }
        return nil
    }

    @Test func aSoundFileIsRead() throws {
        #expect(try reading { _ in } == nil)
    }

    /// Each of these would take terabytes, or minutes, before its tensors were compared.
    @Test func configurationsOfAnySizeAreErrors() throws {
        let start = ContinuousClock.now
        let vast = try reading { configuration in
            configuration.temporal.hidden = 8192
            configuration.temporal.gridChannels = 256
            configuration.clip.size = 4096
            configuration.clip.frames = 16
        }
        #expect((vast as? NeuralError)?.code == .format, "\(vast.map { "\($0)" } ?? "none")")
        let wide = try reading { configuration in
            configuration.backbone = .residual(
                Backbone.Residual(
                    stemKernel: 31, stemChannels: 8192, channels: [Int](repeating: 8192, count: 8),
                    blocks: [Int](repeating: 64, count: 8), bottleneck: true))
            configuration.clip.size = 64
        }
        #expect((wide as? NeuralError)?.code == .format, "\(wide.map { "\($0)" } ?? "none")")
        let long = try reading { configuration in
            configuration.clip.size = 4096
            configuration.clip.frames = 10_000
            configuration.backbone = .plain(channels: [8192])
        }
        #expect((long as? ModelError)?.code == .configuration, "\(long.map { "\($0)" } ?? "none")")
        let labels = try reading { $0.labels = (0..<100_000).map(String.init) }
        #expect((labels as? NeuralError)?.code == .format)
        #expect(ContinuousClock.now - start < .seconds(30))
    }

    @Test func framesTooSmallForTheNetworkAreAnErrorOfTheFile() throws {
        let error = try reading { configuration in
            configuration.clip.size = 8
            configuration.backbone = .plain(channels: [16, 16, 16])
        }
        #expect((error as? ModelError)?.code == .configuration, "\(error.map { "\($0)" } ?? "none")")
    }
}
