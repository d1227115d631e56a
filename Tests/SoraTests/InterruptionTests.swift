import Foundation
import Testing

/// A run that was stopped, by whatever, and goes on with `--resume` ends with the same bytes as one that was not.
@Suite(.serialized) struct InterruptionTests {
    private static func arguments(_ out: String) throws -> [String] {
        ["train", "--data", try Workspace.shared.clips, "--out", out, "--epochs", "5", "--average", "0.9"]
            + Workspace.quick
    }

    /// The model of a run that nothing stopped.
    private static let whole = Result {
        let out = try Workspace.shared.newFolder() + "/whole.safetensors"
        let outcome = try sora(arguments(out))
        guard outcome.status == 0 else { throw Invocation.Failure(outcome.errors) }
        return try bytes(out)
    }

    @Test func controlCThenResume() throws {
        let folder = try Workspace.shared.newFolder()
        let out = folder + "/stopped.safetensors"
        let run = try Invocation(Self.arguments(out))
        try run.wait(for: "Epoch 3/5")
        run.send(SIGINT)
        let outcome = try run.finish()
        #expect(outcome.status == 130)
        #expect(outcome.errors.contains("stopping after this step; press Ctrl-C again"))
        #expect(outcome.errors.contains("--resume"))
        #expect(FileManager.default.fileExists(atPath: out + ".checkpoint"))
        let resumed = try sora(Self.arguments(out) + ["--resume"])
        #expect(resumed.status == 0, "\(resumed.errors)")
        #expect(!resumed.errors.contains("Epoch 1/5"))
        #expect(try bytes(out) == Self.whole.get())
        #expect(try lines(out + ".history.csv").count == 6)
    }

    @Test func killedThenResume() throws {
        let folder = try Workspace.shared.newFolder()
        let out = folder + "/killed.safetensors"
        let run = try Invocation(Self.arguments(out))
        try run.wait(for: "Epoch 4/5")
        run.send(SIGKILL)
        #expect(try run.finish().status == nil)
        let resumed = try sora(Self.arguments(out) + ["--resume"])
        #expect(resumed.status == 0, "\(resumed.errors)")
        #expect(try bytes(out) == Self.whole.get())
        let left = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(left.filter { $0.hasPrefix("killed") && !$0.contains("tmp") }.count == 4)
    }

    @Test func controlCTwiceDoesNotWait() throws {
        let workspace = try Workspace.shared
        let out = try workspace.newFolder() + "/never.safetensors"
        // One step of this takes seconds.
        let run = try Invocation([
            "train", "--data", workspace.clips, "--out", out, "--preset", "article", "--frames", "60", "--size",
            "128", "--batch", "16", "--epochs", "1", "--head", "multiClass",
        ])
        try run.wait(for: "Epoch 1/1")
        Thread.sleep(forTimeInterval: 0.3)
        run.send(SIGINT)
        try run.wait(for: "press Ctrl-C again")
        let start = Date()
        run.send(SIGINT)
        #expect(try run.finish().status == 130)
        #expect(Date().timeIntervalSince(start) < 1)
        #expect(!FileManager.default.fileExists(atPath: out))
        #expect(!FileManager.default.fileExists(atPath: out + ".checkpoint"))
    }

    @Test func anEarlierRunsCheckpointIsKept() throws {
        let workspace = try Workspace.shared
        let out = try workspace.newFolder() + "/again.safetensors"
        try "of an earlier run".write(toFile: out + ".checkpoint", atomically: true, encoding: .utf8)
        let outcome = try sora(
            ["train", "--data", workspace.clips, "--out", out, "--epochs", "1"] + Workspace.quick)
        #expect(outcome.status == 0 && outcome.errors.contains("\(out).checkpoint.old"))
        #expect(try String(contentsOfFile: out + ".checkpoint.old", encoding: .utf8) == "of an earlier run")
        #expect(FileManager.default.fileExists(atPath: out + ".checkpoint"))
    }

    @Test func resumeNeedsACheckpoint() throws {
        let workspace = try Workspace.shared
        let out = try workspace.newFolder() + "/none.safetensors"
        let outcome = try sora(Self.arguments(out) + ["--resume"])
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains(out + ".checkpoint") && outcome.errors.contains("without --resume"))
        let changed = try sora(
            ["train", "--data", workspace.clips, "--out", workspace.model, "--epochs", "2", "--resume"]
                + Workspace.quick + ["--weight-decay", "0.5"])
        #expect(changed.status == 1)
        #expect(changed.errors.contains("other options"))
    }
}
