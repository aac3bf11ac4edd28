// What runs in every page: htmx for fragments, then small islands. Every page works without any of it.
import "./page";
