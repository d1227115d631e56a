import Datasets
import Foundation

/// Tiny videos of four kinds of motion, files that are none, and a model trained on the former: made once for all tests.
struct Workspace: Sendable {
    /// Holds all that follows.
    let folder: String
    /// A folder of clips for each class, to train on.
    let clips: String
    /// The same, of other clips.
    let heldOut: String
    /// One clip: 8 frames of 32x32 pixels at 12 a second.
    let clip: String
    /// Another one.
    let other: String
    let empty: String
    let text: String
    let truncated: String
    let missing: String
    let model: String
    /// What `sora train --json` said.
    let trainingReport: String

    static let classes = ["grow", "move-left", "move-right", "shrink"]

    static let made = Result { try Workspace() }
    static var shared: Workspace { get throws { try made.get() } }

    /// Options of a run that takes a second or two.
    static let quick = [
        "--size", "32", "--frames", "4", "--batch", "4", "--seed", "7", "--learning-rate", "0.002",
    ]

    private init() throws {
        folder = NSTemporaryDirectory() + "sora-tests-" + UUID().uuidString
        atexit { if let made = try? Workspace.made.get() { try? FileManager.default.removeItem(atPath: made.folder) } }
        clips = folder + "/clips"
        heldOut = folder + "/held-out"
        for (place, count, seed) in [(clips, 5, UInt64(1)), (heldOut, 2, UInt64(2))] {
            try MotionClips.write(to: place, clipsPerClass: count, frames: 8, size: 32, seed: seed)
            for name in MotionClips.classes where !Self.classes.contains(name) {
                try FileManager.default.removeItem(atPath: "\(place)/\(name)")
            }
        }
        clip = heldOut + "/move-left/000.mp4"
        other = heldOut + "/grow/001.mp4"
        (empty, text) = (folder + "/empty.mp4", folder + "/text.mp4")
        (truncated, missing) = (folder + "/truncated.mp4", folder + "/missing.mp4")
        try Data().write(to: URL(fileURLWithPath: empty))
        try Data("This is no video.\n".utf8).write(to: URL(fileURLWithPath: text))
        let whole = try Data(contentsOf: URL(fileURLWithPath: clip))
        // Cut within the tables that say where its frames are, which our encoder writes first.
        try whole.prefix(200).write(to: URL(fileURLWithPath: truncated))
        model = folder + "/model.safetensors"
        let outcome = try sora(["train", "--data", clips, "--out", model, "--epochs", "2", "--json"] + Self.quick)
        guard outcome.status == 0 else { throw Invocation.Failure("training failed: \(outcome.errors)") }
        trainingReport = outcome.output
    }

    /// A new empty folder in the workspace.
    func newFolder() throws -> String {
        let path = folder + "/" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }
}

func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

func lines(_ path: String) throws -> [String] {
    String(decoding: try bytes(path), as: UTF8.self).split(separator: "\n").map(String.init)
}

/// An `.npy` file's description and its data.
func array(_ path: String) throws -> (header: String, data: Data) {
    let file = try bytes(path)
    guard file.count > 10, file.prefix(6) == Data([0x93] + Array("NUMPY".utf8)) else {
        throw Invocation.Failure("\(path) is no .npy file")
    }
    let end = 10 + Int(file[8]) + Int(file[9]) << 8
    return (String(decoding: file[10..<end], as: UTF8.self), Data(file[end...]))
}
