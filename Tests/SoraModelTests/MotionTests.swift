import Foundation
import Neural
import SoraModel
import Testing

/// The motion stream: a second backbone that reads differences between frames.
@Suite struct MotionTests {
    private static func configuration(_ motion: Motion?) -> ModelConfiguration {
        var configuration = TestModels.configuration()
        configuration.motion = motion
        return configuration
    }

    /// A frame's vector is the plain network's of the frame, then that of the frame's difference from the one before it in
    /// its clip, with the stream's weights.
    @Test func vectorsAreThoseOfBothStreams() throws {
        let model = try TestModels.model(Self.configuration(.beside))
        let (plain, moved) = (
            try Model(Self.configuration(nil), seed: 1), try Model(Self.configuration(nil), seed: 2)
        )
        for parameter in plain.parameters.parameters where model.configuration.backbone.stage(of: parameter.name) != nil
        {
            try plain.parameters.set(parameter.name, to: model.parameters.tensor(parameter.name))
            try moved.parameters.set(parameter.name, to: model.parameters.tensor("motion." + parameter.name))
        }
        let (frames, count) = (model.configuration.clip.frames, 2 * model.configuration.clip.frames)
        let bytes = TestModels.frames(model.configuration, clips: 2)
        let size = bytes.count / count
        let differences = bytes.indices.map { index -> UInt8 in
            guard index / size % frames > 0 else { return 128 }
            return UInt8(min(max(128 + Int(bytes[index]) - Int(bytes[index - size]), 0), 255))
        }
        func features(_ model: Model, _ bytes: [UInt8]) throws -> [Float] {
            try Predictor(model, backend: OneDNNBackend()).features(bytes, count: count)
        }
        let (seen, motion) = (try features(plain, bytes), try features(moved, differences))
        let width = seen.count / count
        func row(_ frame: Int) -> [Float] {
            let range = frame * width..<(frame + 1) * width
            return Array(seen[range]) + Array(motion[range])
        }
        let expected: [Double] = (0..<count).flatMap(row).map(Double.init)
        // The same kernels on the same numbers, in another order at most.
        expectClose(try features(model, bytes), expected, 1e-5, "vectors")
        // Shown motion alone, a network with the stream's weights gives the stream's vectors.
        let alone = try Model(Self.configuration(.alone), seed: 3)
        for parameter in alone.parameters.parameters {
            try alone.parameters.set(parameter.name, to: moved.parameters.tensor(parameter.name))
        }
        expectClose(try features(alone, bytes), motion.map(Double.init), 1e-5, "vectors of motion alone")
        // Some frames alone have the vectors that they have among all.
        let chosen = try Predictor(model, backend: OneDNNBackend()).features(bytes, count: count, of: [1, 7])
        expectClose(chosen, (row(1) + row(7)).map(Double.init), 1e-5, "chosen vectors")
        #expect(throws: ModelError.self) {
            try Predictor(model, backend: OneDNNBackend()).features(bytes, count: count, of: [count])
        }
    }

    /// A frame's vector is the plain network's of a picture whose colours are three frames in grey; at a clip's ends there is
    /// nothing beyond.
    @Test func stackedFramesAreThoseBeforeAndAfter() throws {
        let (plain, stacked) = (
            try Model(Self.configuration(nil), seed: 1), try Model(Self.configuration(.stacked), seed: 2)
        )
        for parameter in plain.parameters.parameters {
            try stacked.parameters.set(parameter.name, to: plain.parameters.tensor(parameter.name))
        }
        let (frames, count) = (plain.configuration.clip.frames, 2 * plain.configuration.clip.frames)
        let bytes = TestModels.frames(plain.configuration, clips: 2)
        let size = bytes.count / count
        func luma(_ frame: Int, _ pixel: Int) -> UInt8 {
            let start = frame * size + 3 * pixel
            let sum =
                77.0 / 256 * Double(bytes[start]) + 150.0 / 256 * Double(bytes[start + 1]) + 29.0 / 256
                * Double(bytes[start + 2])
            return UInt8((sum + 0.5).rounded(.down))
        }
        let expected = (0..<count).flatMap { frame -> [UInt8] in
            let clip = frame / frames * frames..<(frame / frames + 1) * frames
            let three = [max(frame - 1, clip.lowerBound), frame, min(frame + 1, clip.upperBound - 1)]
            return (0..<size / 3).flatMap { pixel in three.map { luma($0, pixel) } }
        }
        #expect(expected != bytes)
        func features(_ model: Model, _ bytes: [UInt8]) throws -> [Float] {
            try Predictor(model, backend: OneDNNBackend()).features(bytes, count: count)
        }
        let wanted = try features(plain, expected).map(Double.init)
        expectClose(try features(stacked, bytes), wanted, 1e-5, "vectors")
    }

    /// Weights of a network without the stream begin both; those of one with it begin each its own.
    @Test func bothStreamsStartFromTheSameWeights() throws {
        let folder = try TemporaryFolder()
        let source = try TestModels.model(Self.configuration(nil))
        try source.write(to: folder.file("plain"))
        let both = try Model(Self.configuration(.beside), seed: 5)
        let weights = try StartingWeights(reading: folder.file("plain"), into: both)
        #expect(weights.unused.isEmpty && weights.begun.contains("motion.conv1.weight"))
        for name in ["conv1.weight", "layer2.0.bn1.running_var"] {
            let expected = try source.parameters.tensor(name).floats
            #expect(try both.parameters.tensor(name).floats == expected)
            #expect(try both.parameters.tensor("motion." + name).floats == expected)
        }
        let streams = try TestModels.model(Self.configuration(.beside), seed: 8)
        try streams.write(to: folder.file("both"))
        _ = try StartingWeights(reading: folder.file("both"), into: both)
        let name = "motion.conv1.weight"
        #expect(try both.parameters.tensor(name).floats == streams.parameters.tensor(name).floats)
        let read = try Model(reading: folder.file("both"))
        #expect(read.configuration == streams.configuration && read.configuration.motion == .beside)
    }

    @Test func stagesAreThoseOfBothStreams() throws {
        let configuration = Self.configuration(.beside)
        let network = try SoraNetwork(configuration, frozenStages: 2)
        let frozen = try network.parameters().filter { !$0.isTrainable }.map(\.name)
        #expect(frozen.contains("motion.layer1.0.conv1.weight") && frozen.contains("layer1.0.conv1.weight"))
        #expect(!frozen.contains("motion.layer2.0.conv1.weight"))
    }
}
