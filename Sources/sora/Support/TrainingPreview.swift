import Datasets
import Media
import Neural
import SoraModel
import Training

/// What the network would see in training: the first clips of a run's first step on one picture, a row for each, and of each
/// input where the network sees motion too.
struct TrainingPreview {
    /// Rows and columns at most.
    private static let (rows, columns) = (8, 8)

    private let sheet: Frames
    /// What the rows show.
    let labels: [String]

    /// - Throws: `TrainingError.data` if none of the clips can be decoded.
    init(_ data: TrainingData, _ configuration: ModelConfiguration, _ options: TrainingOptions) throws {
        let (loader, inputs) = (data.loader, configuration.frameInputs)
        let size = min(options.batchSize, Self.rows / inputs.count)
        let batches = loader.batches(
            of: data.split.training, size: size, mode: .training,
            isBalanced: data.balance(options.balance, head: configuration.head) == .sampling)
        guard var batch = batches.first(where: { _ in true }) else {
            throw TrainingError(.data, "no training clip could be decoded; look at one with 'sora probe'")
        }
        if let mixture = BatchMixture(
            options.augmentation, size: (batch.height, batch.width), seed: options.seed, step: 0)
        {
            batch.frames = mixture.blend(
                batch.frames, clips: batch.count, height: batch.height, width: batch.width)
        }
        let columns = min(batch.frameCount, Self.columns)
        var frames = Frames(height: batch.height, width: batch.width)
        let seen = FrameInputs(batch.frames, configuration: configuration)
        let indices = (0..<columns).map { (2 * $0 + 1) * batch.frameCount / (2 * columns) }
        var labels: [String] = []
        for (clip, position) in batch.clipIndices.enumerated() {
            let tensors = try seen.tensors(indices.map { clip * batch.frameCount + $0 })
            let item = loader.manifest.items[position]
            let label = item.labels.map { loader.manifest.classes[$0] }.joined(separator: "|")
            for input in inputs {
                guard case .uint8(let bytes)? = tensors[input.rawValue]?.storage else { continue }
                frames.bytes += bytes
                frames.times += indices.map { _ in MediaTime(value: 0, timescale: 1) }
                frames.indices += indices
                labels.append("\(label)  \(item.path)" + (input == .frames ? "" : "  motion"))
            }
        }
        self.labels = labels
        sheet = try frames.contactSheet(columns: columns)
    }

    /// Writes the picture, as PNG.
    func write(to path: String) throws { try sheet.writePNG(to: path) }
}
