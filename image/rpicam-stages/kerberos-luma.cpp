/**
 * A post-processing stage for rpicam-apps: hands the low-resolution stream of the image processor, which nothing else lets out, to
 * whoever reads a named pipe. Described in device/design/pi-camera.md; built by ./build, read in by rpicam-vid with --post-process-libs.
 */

#include <csignal>
#include <memory>
#include <string>

#include <libcamera/stream.h>

#include "core/rpicam_app.hpp"
#include "post_processing_stages/post_processing_stage.hpp"

#include "luma-pipe.hpp"

namespace
{

constexpr char name[] = "kerberos-luma";

class LumaStage : public PostProcessingStage
{
public:
	explicit LumaStage(RPiCamApp *app) : PostProcessingStage(app) {}

	char const *Name() const override { return name; }

	void Read(boost::property_tree::ptree const &params) override
	{
		output_ = params.get<std::string>("output");
		every_ = std::max(1u, params.get<unsigned>("every", 1));
	}

	void Configure() override
	{
		stream_ = app_->LoresStream(&info_);
		// A reader that has gone must not take the video down with it.
		signal(SIGPIPE, SIG_IGN);
		pipe_.Open(output_);
	}

	/** Answers false: no picture of the video is ever left out for this. */
	bool Process(CompletedRequestPtr &request) override
	{
		if (!stream_ || count_++ % every_ != 0)
			return false;
		BufferReadSync buffer(app_, request->buffers[stream_]);
		auto const planes = buffer.Get();
		if (!planes.empty() && planes[0].size() >= static_cast<size_t>(info_.stride) * info_.height)
			pipe_.Write(planes[0].data(), info_.width, info_.height, info_.stride);
		return false;
	}

	void Teardown() override { pipe_.Close(); }

private:
	std::string output_;
	unsigned every_ = 1;
	unsigned count_ = 0;
	libcamera::Stream *stream_ = nullptr;
	StreamInfo info_;
	LumaPipe pipe_;
};

PostProcessingStage *Create(RPiCamApp *app)
{
	return new LumaStage(app);
}

RegisterStage registration(name, &Create);

} // namespace
