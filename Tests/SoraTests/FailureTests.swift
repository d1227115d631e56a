import Foundation
import Testing

/// Every failure names the file, the cause and the remedy on standard error, and ends with a status other than 0.
@Suite struct FailureTests {
    enum Bad: String, CaseIterable {
        case missing, folder, empty, text, truncated

        func path(_ workspace: Workspace) -> String {
            switch self {
            case .missing: workspace.missing
            case .folder: workspace.clips
            case .empty: workspace.empty
            case .text: workspace.text
            case .truncated: workspace.truncated
            }
        }

        /// Part of the cause, and of the remedy.
        var words: [String] {
            switch self {
            case .missing: ["there is no such file", "Check the path"]
            case .folder: ["it is a folder", "Give the files in it"]
            case .empty: ["the file is empty", "Copy or download it again"]
            case .text: ["it is not a video file that can be read", "Check that the file is whole"]
            case .truncated: ["it has no video", "Give a file with a video stream"]
            }
        }
    }

    @Test(arguments: Bad.allCases) func aVideoThatIsNone(_ bad: Bad) throws {
        let workspace = try Workspace.shared
        let path = bad.path(workspace)
        for arguments in [
            ["probe", path], ["probe", "--count", path], ["frames", path], ["frames", path, "--out", path + ".npy"],
            ["embed", workspace.model, path, "--out", workspace.folder + "/none.npy"],
            ["classify", workspace.model, path], ["bench", "--decode", path],
        ] {
            let outcome = try sora(arguments)
            #expect(outcome.status == 1, "\(arguments)")
            #expect(outcome.output.isEmpty, "\(arguments)")
            for words in [path + ": "] + bad.words { #expect(outcome.errors.contains(words), "\(arguments)") }
        }
        #expect(!FileManager.default.fileExists(atPath: path + ".npy"))
        #expect(!FileManager.default.fileExists(atPath: workspace.folder + "/none.npy"))
    }

    @Test func aLinkToNothing() throws {
        let workspace = try Workspace.shared
        let link = workspace.folder + "/dangling.mp4"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: workspace.missing)
        let outcome = try sora(["probe", link])
        #expect(outcome.status == 1 && outcome.errors.contains("a link to a file that is not there"))
    }

    @Test func oneClassIsNotTrained() throws {
        let workspace = try Workspace.shared
        let list = workspace.folder + "/one-class.csv"
        try "path,label\n\(workspace.clip),only\n".write(toFile: list, atomically: true, encoding: .utf8)
        let outcome = try sora(["train", "--data", list, "--out", workspace.folder + "/one.safetensors"])
        #expect(outcome.status == 1)
        for words in [list, "all clips are of the class only", "add clips of another"] {
            #expect(outcome.errors.contains(words))
        }
    }

    @Test func timesAreCountedFromTheFirstFrame() throws {
        let workspace = try Workspace.shared
        let outcome = try sora(["frames", workspace.clip, "--times", "1000.5"])
        #expect(outcome.status == 1 && outcome.errors.contains("1000.5 s after the first frame is asked for"))
    }

    @Test func aModelThatIsNone() throws {
        let workspace = try Workspace.shared
        let cut = workspace.folder + "/cut.safetensors"
        try bytes(workspace.model).dropLast(1000).write(to: URL(fileURLWithPath: cut))
        for path in [workspace.missing, workspace.text, workspace.empty, workspace.clips, workspace.clip, cut] {
            for arguments in [
                ["info", path], ["evaluate", path, "--data", workspace.heldOut], ["classify", path, workspace.clip],
                ["frames", workspace.clip, "--model", path],
            ] + (path == cut ? [["embed", path, workspace.clip, "--json"]] : []) {
                let outcome = try sora(arguments)
                #expect(outcome.status == 1, "\(arguments)")
                #expect(outcome.output.isEmpty, "\(arguments)")
                #expect(outcome.errors.contains(path), "\(arguments)")
                #expect(outcome.errors.contains("Give a model file that 'sora train' has written"), "\(arguments)")
            }
        }
    }

    @Test func anOutputThatCannotBeWritten() throws {
        let workspace = try Workspace.shared
        let nowhere = workspace.folder + "/no/such/place"
        let blocked = workspace.text + "/frames"
        for (path, arguments) in [
            (nowhere + ".npy", ["embed", workspace.model, workspace.clip]),
            (nowhere + ".csv", ["embed", workspace.model, workspace.clip]),
            (nowhere + ".npy", ["frames", workspace.clip]), (nowhere + ".png", ["frames", workspace.clip]),
            (blocked, ["frames", workspace.clip]), (workspace.folder + "/x.mp4", ["frames", workspace.clip]),
            (nowhere + ".safetensors", ["train", "--data", workspace.clips]),
            (workspace.clips, ["train", "--data", workspace.clips]),
        ] {
            let outcome = try sora(arguments + ["--out", path])
            #expect(outcome.status == 1, "\(arguments)")
            #expect(outcome.output.isEmpty, "\(arguments)")
            #expect(outcome.errors.contains(path + ": "), "\(arguments): \(outcome.errors)")
            // The cause, then what to do.
            #expect(outcome.errors.contains(". "), "\(arguments): \(outcome.errors)")
        }
        let odd = try sora("embed", workspace.model, workspace.clip, "--out", workspace.folder + "/x.txt")
        #expect(odd.status != 0 && odd.errors.contains(".npy, .csv or .jsonl"))
    }

    @Test func dataThatIsNone() throws {
        let workspace = try Workspace.shared
        let empty = try workspace.newFolder()
        for path in [workspace.missing, empty, workspace.text] {
            for arguments in [
                ["train", "--out", workspace.folder + "/none.safetensors"], ["evaluate", workspace.model],
            ] {
                let outcome = try sora(arguments + ["--data", path])
                #expect(outcome.status == 1 && outcome.output.isEmpty)
                #expect(outcome.errors.contains(path), "\(outcome.errors)")
            }
        }
    }

    @Test(arguments: [
        ["train", "--preset", "nope"], ["train", "--fusion", "nope"], ["train", "--decay", "nope"],
        ["train", "--optimizer", "nope"], ["train", "--head", "nope"], ["train", "--fit", "nope"],
        ["frames", "--damage", "nope"], ["frames", "--times", "nope"], ["info", "--preset", "nope"],
        ["bench", "--preset", "nope"], ["evaluate", "--part", "nope"], ["evaluate", "--only", "nope"],
        ["embed", "--damage", "nope"], ["classify", "--damage", "nope"],
    ]) func anOptionValueThatIsNone(_ words: [String]) throws {
        let workspace = try Workspace.shared
        let rest =
            switch words[0] {
            case "train": ["--data", workspace.clips, "--out", workspace.folder + "/none.safetensors"]
            case "frames": [workspace.clip]
            case "evaluate": [workspace.model, "--data", workspace.heldOut]
            case "embed", "classify": [workspace.model, workspace.clip]
            default: [String]()
            }
        let outcome = try sora(words + rest)
        #expect(outcome.status == 64)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.contains(words[1]))
    }

    @Test func aHeadThatDoesNotGoWithTheClasses() throws {
        let workspace = try Workspace.shared
        let outcome = try sora(
            "train", "--data", workspace.clips, "--out", workspace.folder + "/none.safetensors", "--head", "binary")
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("--head binary takes 2 classes, and \(workspace.clips) has 4"))
    }
}
