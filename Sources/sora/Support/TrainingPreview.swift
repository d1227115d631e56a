import Datasets
import Media
import Training

/// What the network would see in training: the first clips of a run's first step on one picture, a row for each.
struct TrainingPreview {
    /// Rows and columns at most.
    private static let (rows, columns) = (8, 8)

    private let sheet: Frames
    /// What the rows show.
    let labels: [String]

    /// - Throws: `TrainingError.data` if none of the clips can be decoded.
    init(_ loader: ClipLoader, _ split: Split, _ options: TrainingOptions) throws {
        let size = min(options.batchSize, Self.rows)
        let batches = loader.batches(of: split.training, size: size, mode: .training)
        guard var batch = batches.first(where: { _ in true }) else {
            throw TrainingError(.data, "no training clip could be decoded; look at one with 'sora probe'")
        }
        if let mixture = BatchMixture(options.augmentation, seed: options.seed, step: 0) {
            batch.frames = mixture.blend(
                batch.frames, clips: batch.count, height: batch.height, width: batch.width)
        }
        let columns = min(batch.frameCount, Self.columns)
        var frames = Frames(height: batch.height, width: batch.width)
        let frame = batch.height * batch.width * 3
        for clip in 0..<batch.count {
            for column in 0..<columns {
                let index = (2 * column + 1) * batch.frameCount / (2 * columns)
                let start = (clip * batch.frameCount + index) * frame
                frames.bytes += batch.frames[start..<start + frame]
                frames.times.append(MediaTime(value: 0, timescale: 1))
                frames.indices.append(index)
            }
        }
        sheet = try frames.contactSheet(columns: columns)
        labels = batch.clipIndices.map { clip in
            let item = loader.manifest.items[clip]
            return "\(item.labels.map { loader.manifest.classes[$0] }.joined(separator: "|"))  \(item.path)"
        }
    }

    /// Writes the picture, as PNG.
    func write(to path: String) throws { try sheet.writePNG(to: path) }
}
