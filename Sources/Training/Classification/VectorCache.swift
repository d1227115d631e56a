import SoraModel
import Foundation
import Neural

/// The vectors of clips' frames on disk, so that another classifier over the same clips need not decode them.
///
/// A safetensors file for each frame network, named by a fingerprint of all that the vectors depend on but the clip; in it
/// a tensor `[frame, feature]` for each view of a clip, named by the file's path, size and time of change, the part of it
/// and the view. A file that is damaged, or of another network, counts as none. Not for use from two threads at once.
final class VectorCache {
    /// Why what was there is not used; nil where nothing was there, or all is well.
    private(set) var fault: String?
    /// The file.
    let path: String
    private let key: String
    private let shape: Shape
    private var vectors: [String: [Float]] = [:]
    private var isChanged = false

    private static let format = "1"

    /// - Parameters:
    ///   - folder: where the files are; made when something is written.
    ///   - key: changes with all that the vectors depend on but the clip.
    ///   - frames: of a clip.
    ///   - featureSize: numbers of a frame's vector.
    init(folder: String, key: String, frames: Int, featureSize: Int) {
        path = "\(folder)/\(key).safetensors"
        self.key = key
        shape = [frames, featureSize]
        guard FileManager.default.fileExists(atPath: path) else { return }
        do { vectors = try read() } catch { fault = "\(path): not used, and made anew: \(error)" }
    }

    private func read() throws -> [String: [Float]] {
        let file = try SafetensorsFile(reading: path)
        guard file.metadata["format"] == Self.format, file.metadata["key"] == key else {
            throw TrainingError(.data, "it is of another version or network")
        }
        var found: [String: [Float]] = [:]
        for (name, tensor) in file.tensors {
            guard tensor.type == TensorType(shape) else { throw TrainingError(.data, "it holds other vectors") }
            found[name] = tensor.floats
        }
        guard file.metadata["checksum"] == Self.checksum(found) else {
            throw TrainingError(.data, "it is damaged")
        }
        return found
    }

    /// The vectors of a view of a clip.
    subscript(_ name: String) -> [Float]? {
        get { vectors[name] }
        set {
            vectors[name] = newValue
            isChanged = true
        }
    }

    /// Writes what is new, and leaves out what is of an earlier state of one of `files`.
    /// - Parameter files: names of files as they are now, each the start of the names of its views.
    /// - Throws: `TrainingError.data` if the folder cannot be made, `NeuralError.file` if the file cannot be written.
    func write(files: Set<String>) throws {
        guard isChanged else { return }
        let paths = Set(files.map(Self.path))
        vectors = vectors.filter { name, _ in
            !paths.contains(Self.path(name)) || files.contains(Self.file(name))
        }
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw TrainingError(
                .data,
                "\(folder.path): the folder for the clips' vectors cannot be made "
                    + "(\(error.localizedDescription)); give another with --cache")
        }
        try SafetensorsFile(
            tensors: vectors.mapValues { try Tensor(shape, $0) },
            metadata: ["format": Self.format, "key": key, "checksum": Self.checksum(vectors)]
        ).write(to: path)
        isChanged = false
    }

    /// What a file is called in its present state; nil if it is not there.
    static func name(ofFile path: String) -> String? {
        let url = URL(fileURLWithPath: path).standardizedFileURL
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: url.resolvingSymlinksInPath().path),
            let size = attributes[.size] as? Int, let time = attributes[.modificationDate] as? Date
        else { return nil }
        return "\(url.path)\t\(size)\t\(time.timeIntervalSince1970)"
    }

    private static func path(_ name: String) -> Substring { name.prefix { $0 != "\t" } }

    /// Path, size and time.
    private static func file(_ name: String) -> String {
        name.split(separator: "\t", omittingEmptySubsequences: false).prefix(3).joined(separator: "\t")
    }

    private static func checksum(_ vectors: [String: [Float]]) -> String {
        var fingerprint = Fingerprint()
        for (name, values) in vectors.sorted(by: { $0.key < $1.key }) {
            fingerprint.add(name)
            fingerprint.add(values)
        }
        return fingerprint.text
    }
}
