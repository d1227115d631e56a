import Media
import SoraModel

/// What PyTorch computed of ResNet-18 + GRU in double precision: `Fixtures/resnet18_gru.json`.
struct ResNetFixture: Decodable {
    /// A tensor by a few numbers that any error moves.
    struct Summary: Decodable {
        var norm, sum, absoluteSum: Double
        var projection: Double?
        var positions: [Int]?
        var values: [Double]?
    }

    struct Entry: Decodable {
        var name: String
        var k: Int
        var shape: [Int]
        var offset, scale: Float
        var gradient: Summary?
        var updated: Summary?
    }

    struct Pass: Decodable {
        var logits, pooled: [Double]
        var loss: Double?
        var activations: [String: Summary]
    }

    struct FramesCheck: Decodable {
        var first: [UInt8]
        var sum: Int
    }

    var batch, time, size, hidden, classes: Int
    var labels: [Int]
    var framesCheck: FramesCheck
    var training, inference: Pass
    var tensors: [Entry]

    static func load() throws -> ResNetFixture { try FixtureFile.decode("resnet18_gru.json") }

    var configuration: ModelConfiguration {
        let clip = ClipFormat(
            specification: ClipSpecification(frames: time, height: size, width: size, fit: .stretch, margin: 1),
            mean: [0.45, 0.45, 0.45], deviation: [0.225, 0.225, 0.225])
        return ModelConfiguration(
            preset: "resnet18", clip: clip, backbone: .residual(Backbone.Residual(blocks: [2, 2, 2, 2])),
            temporal: Temporal(hidden: hidden, fusion: .mean), embeddingSize: nil, head: Head(),
            labels: (0..<classes).map { "class \($0)" })
    }

    /// Bytes `[batch, time, height, width, 3]`.
    var frames: [UInt8] {
        let (blocks, count) = (size / 8, batch * time * size * size * 3)
        return (0..<count).map { index in
            let (channel, column) = (index % 3, index / 3 % size)
            let (row, image) = (index / (3 * size) % size, index / (3 * size * size))
            let block = ((image * blocks + row / 8) * blocks + column / 8) * 3 + channel
            return UInt8((Drawn.salted(1013, index) >> 25) + (Drawn.salted(1014, block) >> 25))
        }
    }

    /// The same, `[time, batch, height, width, 3]`, as the network's graphs take them.
    var timeMajorFrames: [UInt8] {
        let (frames, image) = (frames, size * size * 3)
        return (0..<time * batch).flatMap { position in
            let start = (position % batch * time + position / batch) * image
            return frames[start..<start + image]
        }
    }
}
