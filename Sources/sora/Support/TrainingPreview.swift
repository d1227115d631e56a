import Datasets
import Media
import Neural
import SoraModel
import Training

/// What the network would see in training: the first clips of a run's first step on one picture, a row for each, and of each
/// input where the network sees motion too. Where it is trained on pairs of views, a row for both.
struct TrainingPreview {
    /// Rows at most, and so clips.
    static let rows = 8
    private static let columns = 8

    private let sheet: Frames
    /// What the rows show.
    private let labels: [String]

    /// - Parameter folder: one that the clips are in for now, which the rows' names leave out.
    /// - Throws: `TrainingError.data` if none of the clips can be decoded.
    init(
        _ data: TrainingData, _ configuration: ModelConfiguration, _ options: TrainingOptions,
        leavingOut folder: String = ""
    ) throws {
        let (loader, inputs) = (data.loader, configuration.frameInputs)
        let views = options.contrast == nil ? 1 : 2
        let size = max(1, min(options.batchSize, Self.rows / inputs.count / views))
        let batches =
            if let contrast = options.contrast {
                loader.pairs(of: data.split.training, size: size, epoch: 0, plays: contrast.plays)
            } else {
                loader.batches(
                    of: data.split.training, size: size, mode: .training,
                    isBalanced: data.balance(options.balance, head: configuration.head) == .sampling)
            }
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
        // Both views of a clip below one another.
        let clips = (0..<batch.count).map { $0 % views * (batch.count / views) + $0 / views }
        for clip in clips {
            let tensors = try seen.tensors(indices.map { clip * batch.frameCount + $0 })
            let item = loader.manifest.items[batch.clipIndices[clip]]
            let label = batch.labels[clip].map { configuration.labels[$0] }.joined(separator: "|")
            for input in inputs {
                guard case .uint8(let bytes)? = tensors[input.rawValue]?.storage else { continue }
                frames.bytes += bytes
                frames.times += indices.map { _ in MediaTime(value: 0, timescale: 1) }
                frames.indices += indices
                labels.append("\(label)  \(item.path.trimmingPrefix(folder))" + (input == .frames ? "" : "  motion"))
            }
        }
        self.labels = labels
        sheet = try frames.contactSheet(columns: columns)
    }

    /// Writes the picture, as PNG, and says what its rows are.
    func write(to path: String, json: Bool) throws {
        try sheet.writePNG(to: path)
        guard !json else {
            struct Report: Encodable {
                var preview: String
                var rows: [String]
            }
            return Console.result(try Report(preview: path, rows: labels).jsonLine())
        }
        Console.result((["\(path): nothing was trained; its rows are"] + labels).joined(separator: "\n  "))
    }
}
