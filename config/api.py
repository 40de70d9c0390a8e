"""The whole REST surface on one page (contract.md, API)."""

from django.urls import path, re_path

from integrity.api.checks import Checks, FeedBack, OneCheck
from integrity.api.door import Nothing
from integrity.api.exports import ExportFile, Exports, OneExport
from integrity.api.feed import Events, StateRoot
from integrity.api.intake import Intake
from integrity.api.views import Description, ListView, OneView

urlpatterns = [
    path("openapi.json", Description.as_view()),
    path("subjects", ListView.of("subjects")),
    path("subjects/<str:key>", OneView.of("subjects")),
    path("organisations", ListView.of("organisations")),
    path("records", ListView.of("records")),
    path("records/<str:key>", OneView.of("records")),
    path("measures", ListView.of("measures")),
    path("pledges", ListView.of("pledges")),
    path("pledge-templates", ListView.of("pledge-templates")),
    path("matters", ListView.of("matters")),
    path("officials", ListView.of("officials")),
    path("officials/<str:key>", OneView.of("officials")),
    path("projects", ListView.of("projects")),
    path("projects/<str:key>", OneView.of("projects")),
    path("duties", ListView.of("duties")),
    path("complaints", ListView.of("complaints")),
    path("grades", ListView.of("grades")),
    path("notices", ListView.of("notices")),
    path("evaluations", ListView.of("evaluations")),
    path("breaches", ListView.of("breaches")),
    path("project-officers", ListView.of("project-officers")),
    path("lookbacks", ListView.of("lookbacks")),
    path("points-rules", ListView.of("points-rules")),
    path("bidding-agents", ListView.of("bidding-agents")),
    path("learning", ListView.of("learning")),
    path("kinds", ListView.of("kinds")),
    path("kinds/<str:key>", OneView.of("kinds")),
    path("areas", ListView.of("areas")),
    path("sanction-cases", ListView.of("sanction-cases")),
    path("clearing-cases", ListView.of("clearing-cases")),
    path("breach-leads", ListView.of("breach-leads")),
    path("intake/<str:profile>", Intake.as_view()),
    path("motions", ListView.of("motions")),
    path("checks", Checks.as_view()),
    path("checks/<uuid:key>", OneCheck.as_view()),
    path("checks/answers/<uuid:key>", FeedBack.as_view()),
    path("agency-pledges", ListView.of("agency-pledges")),
    path("duty-items", ListView.of("duty-items")),
    path("services", ListView.of("services")),
    path("handlings", ListView.of("handlings")),
    path("disclosures", ListView.of("disclosures")),
    path("law-figures", ListView.of("law-figures")),
    path("cards", ListView.of("cards")),
    path("correction-orders", ListView.of("correction-orders")),
    path("inspection-findings", ListView.of("inspection-findings")),
    path("articles", ListView.of("articles")),
    path("assessments", ListView.of("assessments")),
    path("scores", ListView.of("scores")),
    path("events", Events.as_view()),
    path("state-root", StateRoot.as_view()),
    path("exports", Exports.as_view()),
    path("exports/<uuid:key>", OneExport.as_view()),
    path("exports/<uuid:key>/file", ExportFile.as_view()),
    re_path("", Nothing.as_view()),
]
