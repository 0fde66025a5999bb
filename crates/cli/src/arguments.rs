//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Turns folders of documents into clean, tagged, summarized records that lead back to their source.
///
/// `docmill run DOCS` needs no pipeline file. Data goes to standard output, all else to standard error.
///
/// Exit status: 0 all documents written, or dropped on purpose; 3 finished, with documents in quarantine; 2 the pipeline or the
/// command line is wrong; 1 the run failed; 130 interrupted.
#[derive(Debug, Parser)]
#[command(name = "docmill", version, max_term_width = 100)]
pub(crate) struct Arguments {
    /// Form of the log on standard error. The environment variable `DOCMILL_LOG` says how much of it: `info`, `debug`,
    /// `docmill_engine=trace`.
    #[arg(long, global = true, value_enum, default_value_t = LogFormat::Text)]
    pub(crate) log: LogFormat,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Form of the log.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum LogFormat {
    /// Lines for people.
    Text,
    /// One JSON object a line.
    Json,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run a pipeline over documents.
    Run(RunArguments),
    /// Run a pipeline again whenever its documents, or the pipeline, change.
    Watch(WatchArguments),
    /// Check a pipeline file without running it.
    Check(CheckArguments),
    /// List the stages, or show one with its options.
    Stages(StagesArguments),
    /// Print a JSON Schema.
    Schema(SchemaArguments),
    /// Make a stage of your own.
    #[command(subcommand)]
    New(NewArguments),
    /// Take one document through a pipeline, and show what each stage does to it.
    Try(TryArguments),
    /// Show what is in the caches, or prune them.
    Cache(CacheArguments),
    /// Work on plugins: stages of one's own that live outside the binary.
    #[command(subcommand)]
    Plugin(PluginCommand),
    /// Show where in the source each tag, annotation and summary sentence comes from.
    Explain(ExplainArguments),
    /// Be one part of a pipeline for the run that started this process.
    #[command(hide = true)]
    Worker,
}

impl Command {
    /// What is asked of a run, where the command is one.
    pub(crate) fn run(&self) -> Option<&RunArguments> {
        match self {
            Self::Run(run) => Some(run),
            Self::Watch(watch) => Some(&watch.run),
            Self::Check(_)
            | Self::Stages(_)
            | Self::Schema(_)
            | Self::New(_)
            | Self::Try(_)
            | Self::Cache(_)
            | Self::Plugin(_)
            | Self::Explain(_)
            | Self::Worker => None,
        }
    }
}

/// Which pipeline, and how its variables are set.
#[derive(Debug, Clone, Args)]
pub(crate) struct PipelineArguments {
    /// Pipeline file, or the name of a built-in pipeline [default: briefing].
    #[arg(short, long, value_name = "FILE")]
    pub(crate) pipeline: Option<String>,
    /// Set a variable of the pipeline; may be repeated.
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub(crate) set: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct RunArguments {
    /// Documents: folders, files, globs, `-` for standard input. Instead of the pipeline's own input. A first argument that
    /// ends in `.yaml` or `.yml` is the pipeline file where `--pipeline` is not given.
    #[arg(value_name = "DOCS")]
    pub(crate) documents: Vec<String>,
    #[command(flatten)]
    pub(crate) pipeline: PipelineArguments,
    /// Folder for the outputs, the ledger, the quarantine and the manifest.
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: Option<PathBuf>,
    /// Threads that work on documents [default: all cores].
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) workers: Option<u16>,
    /// Memory for documents in flight, such as `512MiB`.
    #[arg(long, value_name = "SIZE")]
    pub(crate) memory: Option<String>,
    /// Folder of the cache, which several run folders may share [default: one of its own for each run folder, below
    /// `DOCMILL_CACHE` or the user's folder for caches; `DOCMILL_CACHE=off` is the same as `--no-cache`].
    #[arg(long, value_name = "DIR", conflicts_with = "no_cache")]
    pub(crate) cache: Option<PathBuf>,
    /// Do all work anew, and keep none of it.
    #[arg(long)]
    pub(crate) no_cache: bool,
    /// Documents that may be in quarantine for the exit status to be 0: a number, or a share such as `5%`.
    #[arg(long, value_name = "N|N%")]
    pub(crate) allow_failures: Option<String>,
    /// How often to write a line of progress where standard error is no terminal, and the metrics anew.
    #[arg(long, value_name = "TIME", default_value = "10s")]
    pub(crate) progress: String,
    /// Write what the run counts to this file, in the text format of Prometheus.
    #[arg(long, value_name = "FILE")]
    pub(crate) metrics: Option<PathBuf>,
    /// Write when each document was in which stage to this file: a trace that Perfetto opens.
    #[arg(long, value_name = "FILE")]
    pub(crate) trace: Option<PathBuf>,
    /// Send spans and metrics to the OpenTelemetry collector at this address, such as `http://127.0.0.1:4318` (a binary that was
    /// built with the feature `otlp`).
    #[arg(long, value_name = "URL")]
    #[cfg_attr(feature = "otlp", arg(env = "OTEL_EXPORTER_OTLP_ENDPOINT"))]
    pub(crate) otlp: Option<String>,
    /// Print the manifest to standard output, and nothing but errors to standard error.
    #[arg(long)]
    pub(crate) json: bool,
    /// No progress and no summary.
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Args)]
pub(crate) struct WatchArguments {
    #[command(flatten)]
    pub(crate) run: RunArguments,
    /// How long nothing may have changed before a run begins.
    #[arg(long, value_name = "TIME", default_value = "500ms")]
    pub(crate) settle: String,
    /// Look for changes so often, instead of being told of them: for network file systems.
    #[arg(long, value_name = "TIME")]
    pub(crate) poll: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct CheckArguments {
    /// Pipeline file, or the name of a built-in pipeline.
    #[arg(value_name = "FILE", default_value = "briefing")]
    pub(crate) pipeline: String,
    /// Set a variable of the pipeline; may be repeated.
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub(crate) set: Vec<String>,
    /// Print the pipeline with families, variables and defaults written out.
    #[arg(long)]
    pub(crate) expand: bool,
    /// Print what is wrong as JSON to standard output.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct StagesArguments {
    /// A stage, such as `tag.money`, or a family, such as `tag`.
    pub(crate) name: Option<String>,
    /// Pipeline file whose plugins are stages too [default: `pipeline.yaml` in the current folder, where there is one].
    #[arg(short, long, value_name = "FILE")]
    pub(crate) pipeline: Option<String>,
    /// Print the pages of all that would be listed, as Markdown.
    #[arg(long)]
    pub(crate) pages: bool,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct CacheArguments {
    /// The folder of one cache; all of them where it is left out.
    #[arg(long, value_name = "DIR", global = true)]
    pub(crate) cache: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) action: Option<CacheAction>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CacheAction {
    /// Remove what no run has used for some time.
    Prune {
        /// Days without use, to the week [default: 30].
        #[arg(long, value_name = "N")]
        days: Option<u32>,
        /// Remove everything.
        #[arg(long, conflicts_with = "days")]
        all: bool,
    },
}

#[derive(Debug, Args)]
pub(crate) struct SchemaArguments {
    /// Of what.
    #[arg(value_enum, default_value_t = Schema::Pipeline)]
    pub(crate) of: Schema,
    /// Of a pipeline file: with the plugins of this one.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) pipeline: Option<String>,
}

/// What has a JSON Schema.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Schema {
    /// A pipeline file.
    Pipeline,
    /// A record: a line of `documents.jsonl`.
    Record,
    /// A line of `ledger.jsonl`.
    Ledger,
    /// A line of `quarantine.jsonl`.
    Quarantine,
    /// `manifest.json`.
    Manifest,
    /// What a plugin says of itself.
    Descriptor,
    /// What a plugin answers for a document.
    Answer,
}

#[derive(Debug, Subcommand)]
pub(crate) enum NewArguments {
    /// Make a folder with a stage that runs as it is: with its test, a document and a pipeline that uses it.
    Stage(NewStage),
}

#[derive(Debug, Args)]
pub(crate) struct NewStage {
    /// What pipelines call the stage, and the folder: `name` or `family.name`.
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) kind: NewKind,
    /// The folder in which to make it [default: the current one].
    #[arg(long, value_name = "DIR")]
    pub(crate) into: Option<PathBuf>,
    /// For `--rust`: a checkout of docmill, whose crates are taken instead of those of a version.
    #[arg(long, value_name = "PATH", conflicts_with_all = ["python", "node", "process"])]
    pub(crate) docmill: Option<PathBuf>,
}

/// What a new stage is written in.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag, and exactly one of them is set")]
pub(crate) struct NewKind {
    /// In Python, with the SDK beside it.
    #[arg(long)]
    pub(crate) python: bool,
    /// In JavaScript, with the SDK beside it.
    #[arg(long)]
    pub(crate) node: bool,
    /// A program that speaks the protocol by itself, in a shell script with jq: a pattern for any language.
    #[arg(long)]
    pub(crate) process: bool,
    /// In Rust: a package of docmill with the stage in it.
    #[arg(long)]
    pub(crate) rust: bool,
}

#[derive(Debug, Args)]
pub(crate) struct TryArguments {
    /// The document.
    pub(crate) file: String,
    #[command(flatten)]
    pub(crate) pipeline: PipelineArguments,
    /// Of a file of many documents, how many to show.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) first: usize,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PluginCommand {
    /// Try whether a stage keeps its side of the contract, on documents of all kinds.
    Test(PluginTestArguments),
}

#[derive(Debug, Args)]
pub(crate) struct PluginTestArguments {
    /// A stage or a plugin of the pipeline, or the file of a plugin: a program, a script (`.rhai`) or a component (`.wasm`).
    #[arg(value_name = "NAME|FILE")]
    pub(crate) plugin: String,
    /// Pipeline file whose plugins are meant [default: `pipeline.yaml` in the current folder, where there is one]. Where it has a
    /// stage of this name, the stage's options are taken.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) pipeline: Option<String>,
    /// Options of the stage, as JSON.
    #[arg(long, value_name = "JSON")]
    pub(crate) options: Option<String>,
    /// A text file with something in it for the stage to find; may be repeated.
    #[arg(long = "document", value_name = "FILE")]
    pub(crate) documents: Vec<PathBuf>,
    /// Longest that a document may take.
    #[arg(long, value_name = "TIME", default_value = "10s")]
    pub(crate) time: String,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArguments {
    /// The document.
    pub(crate) file: String,
    /// Show what contains this text alone: a label, or words of the document. Upper and lower case are the same.
    pub(crate) text: Option<String>,
    #[command(flatten)]
    pub(crate) pipeline: PipelineArguments,
    /// Print one JSON object a line.
    #[arg(long)]
    pub(crate) json: bool,
}
